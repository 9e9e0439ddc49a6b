import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import type { Member, Plan } from '../../../gateway/doors/admin/contract.ts';
import { useMembers } from '../../api/lists.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/states.tsx';
import { dollars, NOTHING, plural, whole } from '../../format.ts';
import { limitSentence } from '../../people/limit-words.ts';
import { historyWords } from './history-words.ts';
import classes from './plans-table.module.css';

interface PlansTableProps {
  rows: readonly Plan[] | undefined;
  openId: string | null;
  onOpen: (plan: Plan) => void;
  error: unknown;
  onRetry: () => void;
}

export function PlansTable({ rows, openId, onOpen, error, onRetry }: PlansTableProps) {
  const { data: members } = useMembers();
  return (
    <DataTable
      label="Plans"
      columns={columnsOf(members)}
      rows={rows}
      rowKey={({ id }) => id}
      rowHeight={52}
      onOpen={onOpen}
      isOpen={({ id }) => id === openId}
      error={error}
      onRetry={onRetry}
      empty={<Empty title="No plans" why="Members need one: it says what holds for them." />}
    />
  );
}

function columnsOf(members: readonly Member[] | undefined): Column<Plan>[] {
  return [
    {
      id: 'plan',
      header: 'Plan',
      cell: ({ id, name }) => (
        <span className={classes.plan}>
          <b>{name}</b>
          <code>{id}</code>
        </span>
      ),
    },
    {
      id: 'members',
      header: 'Members',
      align: 'right',
      cell: ({ id }) => <Members members={members} plan={id} />,
    },
    { id: 'limits', header: 'Limits', cell: (plan) => <Limits plan={plan} /> },
    {
      id: 'pages',
      header: 'Page size, most',
      align: 'right',
      from: 1040,
      cell: ({ pageSizeCap }) => plural(pageSizeCap, 'row'),
    },
    {
      id: 'history',
      header: 'History',
      align: 'right',
      from: 1040,
      cell: ({ historyDays }) => historyWords(historyDays),
    },
    {
      id: 'price',
      header: 'A month',
      align: 'right',
      cell: ({ priceMicros }) =>
        priceMicros === 0 ? <span className="muted">free</span> : dollars(priceMicros),
    },
  ];
}

function Members({ members, plan }: { members: readonly Member[] | undefined; plan: string }) {
  if (members === undefined) return NOTHING;
  const amount = members.filter(({ planId }) => planId === plan).length;
  if (amount === 0) return <span className="muted">0</span>;
  return (
    <Anchor
      component={Link}
      href={`/members?plan=${encodeURIComponent(plan)}`}
      aria-label={plural(amount, 'member')}
    >
      {whole(amount)}
    </Anchor>
  );
}

const MOST_SHOWN = 2;

function Limits({ plan: { limits } }: { plan: Plan }) {
  if (limits.length === 0) return <span className="muted">None</span>;
  const rest = limits.length - MOST_SHOWN;
  return (
    <span className={classes.limits} title={limits.map(limitSentence).join('\n')}>
      {limits.slice(0, MOST_SHOWN).map(limitSentence).join(', ')}
      {rest > 0 && ` and ${rest} more`}
    </span>
  );
}
