import { Anchor } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { compact, dollars, NOTHING } from '../../format.ts';
import { toolName } from '../../tools.ts';
import { useRecent } from './queries.ts';
import classes from './recent-panel.module.css';

/** A member's last requests, live. */
export function RecentPanel({ memberId }: { memberId: string }) {
  const recent = useRecent(memberId);
  const [, navigate] = useLocation();
  return (
    <Panel
      title="Last requests"
      aside={
        <Anchor component={Link} href={`/audit?memberId=${memberId}`} fz={13}>
          All in the audit
        </Anchor>
      }
      flush
    >
      <DataTable
        label="Last requests"
        columns={COLUMNS}
        rows={recent.data}
        rowKey={({ id }) => id}
        rowHeight={32}
        onOpen={({ id }) => navigate(`/audit/${id}`)}
        error={recent.error}
        onRetry={() => void recent.refetch()}
        empty={<Empty title="No request yet" why="They show here as they come." />}
      />
    </Panel>
  );
}

const COLUMNS: Column<AuditRow>[] = [
  {
    id: 'at',
    header: 'When',
    width: 100,
    cell: ({ at }) => (
      <span className="secondary">
        <Time at={at} />
      </span>
    ),
  },
  {
    id: 'tool',
    header: 'Tool',
    from: 1200,
    cell: ({ tool }) => <span className="secondary">{toolName(tool)}</span>,
  },
  {
    id: 'model',
    header: 'Model',
    cell: ({ model }) => (
      <code className={classes.model} title={model ?? ''}>
        {model ?? NOTHING}
      </code>
    ),
  },
  { id: 'how', header: 'How it ended', cell: (row) => <Ended row={row} /> },
  {
    id: 'tokens',
    header: 'Tokens',
    align: 'right',
    cell: ({ inputTokens, outputTokens }) => compact(inputTokens + outputTokens),
  },
  { id: 'cost', header: 'Cost', align: 'right', cell: ({ costMicros }) => dollars(costMicros, 4) },
];

/** Quiet where it is fine. */
function Ended({ row: { status, code } }: { row: AuditRow }) {
  if (status === 0) return <span className={classes.running}>runs</span>;
  if (status < 400) return <span className="muted">answered</span>;
  return (
    <span className={status >= 500 ? classes.failed : classes.refused}>
      {status} <code>{code}</code>
    </span>
  );
}
