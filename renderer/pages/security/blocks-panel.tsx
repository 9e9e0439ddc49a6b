import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { IpBlock } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Notice } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { NOTHING } from '../../format.ts';
import { useAct } from '../../people/use-act.ts';
import classes from './blocks-panel.module.css';
import { useBlocks } from './queries.ts';

/** Who is kept out, and until when. */
export function BlocksPanel({ onBlock }: { onBlock: () => void }) {
  const { data, error, refetch } = useBlocks();
  const act = useAct();
  const confirm = useConfirm();

  async function lift({ id, cidr }: IpBlock): Promise<void> {
    const yes = await confirm({
      title: `Let ${cidr} call again?`,
      message: 'Requests from there are served from now on, with a key of this gateway.',
      action: 'Lift block',
    });
    if (yes) await act.run(() => sendJson('DELETE', `/ip-blocks/${id}`));
  }

  const columns: Column<IpBlock>[] = [
    { id: 'cidr', header: 'Address', cell: ({ cidr }) => <code>{cidr}</code> },
    {
      id: 'reason',
      header: 'Why',
      cell: ({ reason }) => <span title={reason ?? ''}>{reason ?? NOTHING}</span>,
    },
    {
      id: 'until',
      header: 'Until',
      width: 96,
      cell: ({ expiresAt }) => (expiresAt === null ? 'you lift it' : <Time at={expiresAt} how="coming" />),
    },
  ];
  return (
    <Panel title="Blocked addresses" note={data?.length} flush>
      {act.refusal !== null && <Notice tone="bad">{act.refusal}</Notice>}
      <div className={classes.blocks}>
        <DataTable
          label="Blocked addresses"
          columns={columns}
          rows={data}
          rowKey={({ id }) => id}
          rowHeight={32}
          error={error}
          onRetry={() => void refetch()}
          menu={(block) => (
            <ActionIcon aria-label={`Lift the block of ${block.cidr}`} onClick={() => void lift(block)}>
              <IconX size={15} stroke={1.5} />
            </ActionIcon>
          )}
          empty={
            <Empty
              title="No address is blocked"
              why="Whoever tries many wrong keys from outside is blocked for 15 minutes by itself."
              action={<Button onClick={onBlock}>Block an address</Button>}
            />
          }
        />
      </div>
    </Panel>
  );
}
