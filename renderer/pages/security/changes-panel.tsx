import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import { Panel } from '../../components/panel.tsx';
import { ChangesTable } from './changes-table.tsx';
import { useChanges } from './queries.ts';

/** As many as stand beside the block list and the rules. */
const SHOWN = 8;

/** The last things the owner changed. */
export function ChangesPanel() {
  const { data, error, refetch } = useChanges(1, SHOWN);
  return (
    <Panel
      title="Changes"
      aside={
        <Anchor component={Link} href="/security?view=changes">
          All changes
        </Anchor>
      }
      flush
    >
      <ChangesTable changes={data?.data} error={error} onRetry={() => void refetch()} />
    </Panel>
  );
}
