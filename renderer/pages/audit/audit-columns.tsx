import { columnVisibilityFeature, createColumnHelper, tableFeatures } from '@tanstack/react-table';
import type { ReactNode } from 'react';
import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';
import { Dot } from '../../components/status.tsx';
import { dollars, duration, NOTHING, utc, whole } from '../../format.ts';
import { toolName } from '../../tools.ts';
import classes from './audit-grid.module.css';
import { outcomeOf } from './audit-query.ts';
import { rowMoment } from './row-moment.ts';

interface ColumnFacts {
  /** Pixels; what has none shares the rest. */
  width?: number;
  align?: 'right';
  /** Goes where the grid is narrower, in pixels. */
  from?: number;
  cell: (row: AuditRow) => ReactNode;
}

export const features = tableFeatures({ columnVisibilityFeature, columnMeta: {} as ColumnFacts });
export type AuditFeatures = typeof features;

/** Without the day; pixels. */
export const NARROW_TIME = 94;

const helper = createColumnHelper<AuditFeatures, AuditRow>();

function column(id: string, header: string, meta: ColumnFacts) {
  return helper.display({ id, header, meta });
}

/** In their order. What matters least goes first where room is short. */
export const COLUMNS = helper.columns([
  column('at', 'Time', {
    width: NARROW_TIME,
    cell: ({ at }) => <time title={utc(at)}>{rowMoment(at)}</time>,
  }),
  column('status', 'Status', { width: 66, align: 'right', cell: (row) => <StatusCell row={row} /> }),
  column('member', 'Member', {
    width: 92,
    cell: ({ memberName }) => memberName ?? NOTHING,
  }),
  column('tool', 'Tool', {
    width: 100,
    from: 820,
    cell: ({ tool }) => <span className="secondary">{toolName(tool)}</span>,
  }),
  column('model', 'Model', {
    cell: ({ model }) => <span className={classes.mono}>{model ?? NOTHING}</span>,
  }),
  column('provider', 'Provider or reason', {
    cell: (row) => <ProviderCell row={row} />,
  }),
  column('address', 'From', {
    width: 118,
    from: 1180,
    cell: ({ address }) => <span className={classes.address}>{address}</span>,
  }),
  column('attempts', 'Tries', {
    width: 44,
    align: 'right',
    from: 960,
    cell: ({ attempts }) => (attempts > 1 ? attempts : <span className="secondary">{attempts}</span>),
  }),
  column('input', 'In', {
    width: 62,
    align: 'right',
    cell: (row) => ofAdmitted(row, whole(row.inputTokens)),
  }),
  column('output', 'Out', {
    width: 52,
    align: 'right',
    cell: (row) => ofAdmitted(row, whole(row.outputTokens)),
  }),
  column('cost', 'Cost', {
    width: 68,
    align: 'right',
    cell: (row) => ofAdmitted(row, dollars(row.costMicros, 4)),
  }),
  column('firstByte', 'First byte', {
    width: 74,
    align: 'right',
    from: 900,
    cell: ({ ttfbMs }) => orNothing(ttfbMs === null ? null : milliseconds(ttfbMs)),
  }),
  column('latency', 'Time', {
    width: 68,
    align: 'right',
    cell: ({ latencyMs }) => orNothing(latencyMs === null ? null : duration(latencyMs)),
  }),
]);

/** Which columns there is no room for. */
export function visibilityAt(width: number): Record<string, boolean> {
  return Object.fromEntries(COLUMNS.map(({ id = '', meta }) => [id, width >= (meta?.from ?? 0)]));
}

/** First bytes are compared with each other: seconds come late. */
function milliseconds(ms: number): string {
  return ms < 10_000 ? `${whole(Math.round(ms))} ms` : duration(ms);
}

function ofAdmitted(row: AuditRow, text: string): ReactNode {
  return orNothing(outcomeOf(row) === 'refused' ? null : text);
}

function orNothing(text: string | null): ReactNode {
  return text ?? <span className="muted">{NOTHING}</span>;
}

/** “Fine” is quiet: most rows are. */
function StatusCell({ row }: { row: AuditRow }) {
  const outcome = outcomeOf(row);
  if (outcome === 'ok') return <span className="secondary">{row.status}</span>;
  if (outcome === 'running') {
    return (
      <span className={classes.status} data-tone="info">
        <Dot tone="info" />
        runs
      </span>
    );
  }
  const tone = outcome === 'refused' || row.code === 'client_closed' ? 'warn' : 'bad';
  return (
    <span className={classes.status} data-tone={tone}>
      <Dot tone={tone} />
      {row.status}
    </span>
  );
}

/** Who served it; for what nobody served, why. */
function ProviderCell({ row }: { row: AuditRow }) {
  const outcome = outcomeOf(row);
  if (outcome === 'refused' || (outcome === 'failed' && row.code !== null)) {
    const tone = outcome === 'refused' || row.code === 'client_closed' ? 'warn' : 'bad';
    return (
      <span className={classes.reason} data-tone={tone}>
        {row.code}
      </span>
    );
  }
  return (
    <span className="secondary">{row.providerName ?? (row.attempts > 0 ? 'built-in echo' : NOTHING)}</span>
  );
}
