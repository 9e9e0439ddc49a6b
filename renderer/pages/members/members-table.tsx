import type { ReactNode } from 'react';
import type { Member, Plan, UsageSums } from '../../../gateway/doors/admin/contract.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Named } from '../../components/tile.tsx';
import { Time } from '../../components/time.tsx';
import { count, dollars, NOTHING, whole } from '../../format.ts';
import { type LastUse, useLastUse } from '../../people/last-use.ts';
import { LimitMeter } from '../../people/limit-meter.tsx';
import { isWorthNaming } from '../../people/limit-words.ts';
import { MemberStatus } from '../../people/member-status.tsx';
import { useTightestLimit } from '../../people/queries.ts';
import classes from './members-table.module.css';
import { tokensOf } from './sort-members.ts';

interface MembersTableProps {
  rows: readonly Member[] | undefined;
  plans: readonly Plan[];
  /** By member id; undefined while it is read. */
  today: ReadonlyMap<string, UsageSums> | undefined;
  onOpen: (member: Member) => void;
  error: unknown;
  onRetry: () => void;
  empty: ReactNode;
}

export function MembersTable({ rows, plans, today, onOpen, error, onRetry, empty }: MembersTableProps) {
  const use = useLastUse();
  return (
    <DataTable
      label="Members"
      columns={columnsOf(plans, today, use)}
      rows={rows}
      rowKey={({ id }) => id}
      rowHeight={52}
      onOpen={onOpen}
      isOff={({ status }) => status === 'disabled'}
      error={error}
      onRetry={onRetry}
      empty={empty}
    />
  );
}

function columnsOf(
  plans: readonly Plan[],
  today: ReadonlyMap<string, UsageSums> | undefined,
  use: LastUse,
): Column<Member>[] {
  const names = new Map(plans.map(({ id, name }) => [id, name]));
  const figure = (id: string, text: (sums: UsageSums | undefined) => string) =>
    today === undefined ? NOTHING : text(today.get(id));
  return [
    { id: 'member', header: 'Member', cell: (member) => <Who member={member} /> },
    { id: 'status', header: 'Status', cell: ({ status }) => <MemberStatus status={status} /> },
    {
      id: 'plan',
      header: 'Plan',
      from: 1200,
      cell: ({ planId }) => <span className={classes.quiet}>{names.get(planId) ?? planId}</span>,
    },
    { id: 'keys', header: 'Keys', align: 'right', from: 1200, cell: ({ keys }) => whole(keys) },
    {
      id: 'last',
      header: 'Last request',
      cell: ({ id, lastRequestAt }) => <LastRequest at={use.member(id, lastRequestAt)} />,
    },
    {
      id: 'requests',
      header: 'Requests today',
      align: 'right',
      cell: ({ id }) => figure(id, (sums) => count(sums?.requests ?? 0)),
    },
    {
      id: 'tokens',
      header: 'Tokens',
      align: 'right',
      from: 1200,
      cell: ({ id }) => figure(id, (sums) => count(sums === undefined ? 0 : tokensOf(sums))),
    },
    {
      id: 'cost',
      header: 'Cost',
      align: 'right',
      cell: ({ id }) => figure(id, (sums) => dollars(sums?.costMicros ?? 0)),
    },
    {
      id: 'limit',
      header: 'Tightest limit',
      width: 166,
      cell: ({ id }) => <Tightest memberId={id} />,
    },
  ];
}

function Who({ member }: { member: Member }) {
  const line = lineOf(member);
  return (
    <span className={classes.who}>
      <Named
        name={member.name}
        off={member.status === 'disabled'}
        {...(line === undefined ? {} : { line })}
        {...(member.owner ? { letters: 'You' } : {})}
      />
    </span>
  );
}

/** What tells a member from others of the name. */
function lineOf({ owner, email, allowedIps }: Member): string | undefined {
  if (owner) return 'You, the owner';
  if (email !== null) return email;
  const [first, ...others] = allowedIps ?? [];
  if (first === undefined) return undefined;
  return others.length === 0 ? `From ${first}` : `From ${first} and ${others.length} more`;
}

function LastRequest({ at }: { at: string | null }) {
  if (at === null) return <span className="muted">never</span>;
  return (
    <span className={classes.quiet}>
      <Time at={at} how="ago" />
    </span>
  );
}

function Tightest({ memberId }: { memberId: string }) {
  const { data: limit } = useTightestLimit(memberId);
  if (limit === undefined) return null;
  if (limit === null) return <span className="muted">No limit</span>;
  if (!isWorthNaming(limit)) return <span className="muted">None close</span>;
  return <LimitMeter limit={limit} />;
}
