import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import { useFilters } from '../../api/use-filters.ts';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { ChangesTable } from './changes-table.tsx';
import { useChanges } from './queries.ts';

const PAGE_SIZE = 50;

/** The whole change log, page by page. */
export function AllChanges() {
  const filters = useFilters();
  const page = Math.max(1, Number(filters.get('page') ?? 1) || 1);
  const { data, error, refetch } = useChanges(page, PAGE_SIZE);
  return (
    <Page
      title="Changes"
      lead="What was set, by which door, before and after. Kept for ever, without secrets."
      above={
        <Anchor component={Link} href="/security">
          Security
        </Anchor>
      }
    >
      <Panel flush>
        <ChangesTable changes={data?.data} error={error} onRetry={() => void refetch()} whole />
        {data !== undefined && (
          <Pager
            page={page}
            pageSize={PAGE_SIZE}
            total={data.pagination.total}
            onPage={(next) => filters.set({ page: String(next) })}
            label="changes"
          />
        )}
      </Panel>
    </Page>
  );
}
