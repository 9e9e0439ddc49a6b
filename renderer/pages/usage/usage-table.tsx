import type { ReactNode } from 'react';
import type { UsageSums } from '../../../gateway/doors/admin/contract.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { count, NOTHING, percent, whole } from '../../format.ts';
import type { Dimension, Group, Metric } from './groups.ts';
import { money } from './metric-words.ts';
import classes from './usage-table.module.css';
import { DIMENSIONS } from './use-usage-view.ts';

interface UsageTableProps {
  groups: readonly Group[];
  totals: UsageSums;
  dimension: Dimension;
  metric: Metric;
  /** Shows this group alone. */
  onOpen: (group: Group) => void;
}

/** The same sums as numbers; its swatches tell what the bars' colours mean. */
export function UsageTable({ groups, totals, dimension, metric, onOpen }: UsageTableProps) {
  const label = DIMENSIONS.find(({ value }) => value === dimension)?.label ?? '';
  return (
    <DataTable
      label={`Usage by ${label.toLowerCase()}`}
      columns={columnsOf(label, dimension, metric)}
      rows={groups}
      rowKey={({ id }) => id}
      rowHeight={30}
      onOpen={(group) => group.filter !== null && onOpen(group)}
      empty={null}
      footer={[
        'Total',
        whole(totals.requests),
        count(totals.inputTokens),
        cachedShare(totals),
        count(totals.outputTokens),
        money(totals.costMicros),
        '',
      ]}
    />
  );
}

function columnsOf(label: string, dimension: Dimension, metric: Metric): Column<Group>[] {
  const right = (id: string, header: string, cell: (group: Group) => ReactNode): Column<Group> => ({
    ...{ id, header, cell },
    align: 'right',
  });
  return [
    { id: 'name', header: label, cell: (group) => <Name group={group} mono={dimension === 'model'} /> },
    right('requests', 'Requests', ({ sums }) => whole(sums.requests)),
    right('input', 'Tokens in', ({ sums }) => count(sums.inputTokens)),
    {
      ...right('cached', 'from cache', ({ sums }) => <span className="secondary">{cachedShare(sums)}</span>),
      from: 1040,
    },
    right('output', 'out', ({ sums }) => count(sums.outputTokens)),
    right('cost', 'Cost', ({ sums }) => money(sums.costMicros)),
    { id: 'share', header: `Share of ${metric}`, width: 190, cell: (group) => <Share group={group} /> },
  ];
}

function Name({ group, mono }: { group: Group; mono: boolean }) {
  return (
    <span className={classes.name}>
      <span className={classes.swatch} style={{ background: `var(--${group.shade})` }} />
      <span className={mono && group.filter !== null ? classes.mono : classes.words}>{group.name}</span>
      {group.note !== null && <span className="muted">{group.note}</span>}
    </span>
  );
}

/** Full width is the whole. */
function Share({ group }: { group: Group }) {
  return (
    <span className={classes.share}>
      <span className={classes.track}>
        <span className={classes.bar} style={{ width: `${group.share * 100}%` }} />
      </span>
      <span className={classes.percent}>{percent(group.share, 1)}</span>
    </span>
  );
}

function cachedShare({ inputTokens, cachedTokens }: UsageSums): string {
  return cachedTokens === 0 || inputTokens === 0 ? NOTHING : percent(cachedTokens / inputTokens);
}
