import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Key, LimitState, Member } from '../../../gateway/doors/admin/contract.ts';
import { useKeys, usePlans } from '../../api/lists.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { CLOSE, Meter } from '../../components/meter.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { windowName } from '../../format.ts';
import { amountShort } from '../../people/amounts.ts';
import { freesWords, limitLine, METRICS, shareUsed } from '../../people/limit-words.ts';
import { useMemberLimits } from '../../people/queries.ts';
import classes from './limits-panel.module.css';
import type { MemberTask } from './member-page.tsx';
import { QuotasDrawer } from './quotas-drawer.tsx';

interface LimitsPanelProps {
  member: Member;
  onTask: (task: MemberTask) => void;
}

/** What holds for a member, how it stands, and when some of it is free again. */
export function LimitsPanel({ member, onTask }: LimitsPanelProps) {
  const limits = useMemberLimits(member.id);
  const plan = usePlans().data?.find(({ id }) => id === member.planId)?.name ?? member.planId;
  const keys = useKeys().data;
  const [byModel, setByModel] = useState(false);
  const add = () => onTask({ what: 'limit', limit: { kind: 'add' } });
  return (
    <Panel
      title="Limits"
      note="The tightest holds"
      aside={
        <Button size="compact-sm" onClick={() => setByModel(true)}>
          By model
        </Button>
      }
      flush
    >
      <DataTable
        label={`Limits of ${member.name}`}
        columns={columnsOf(member, plan, keys)}
        rows={limits.data}
        rowKey={(limit) =>
          [limit.scope, limit.subjectId, limit.metric, limit.windowSeconds, limit.model].join(' ')
        }
        rowHeight={47}
        onOpen={(limit) => onTask({ what: 'limit', limit: { kind: 'one', limit } })}
        error={limits.error}
        onRetry={() => void limits.refetch()}
        empty={
          <Empty
            title="Nothing is limited"
            why={`Plan ${plan} sets no limit and ${member.name} has none: whatever it sends is let through.`}
            action={<Button onClick={add}>Add limit</Button>}
          />
        }
      />
      {byModel && <QuotasDrawer member={member} onClose={() => setByModel(false)} />}
    </Panel>
  );
}

function columnsOf(member: Member, plan: string, keys: readonly Key[] | undefined): Column<LimitState>[] {
  return [
    { id: 'limit', header: 'Limit', cell: (limit) => <LimitName limit={limit} /> },
    {
      id: 'used',
      header: 'Used',
      align: 'right',
      width: 84,
      cell: (limit) => (
        <span className={isClose(limit) ? classes.close : ''}>{amountShort(limit.used, limit.metric)}</span>
      ),
    },
    {
      id: 'meter',
      header: <span className="visually-hidden">Share used</span>,
      width: 112,
      cell: (limit) => <Meter share={shareUsed(limit)} label={`Used of ${limitLine(limit)}`} />,
    },
    {
      id: 'of',
      header: 'of',
      align: 'right',
      width: 78,
      cell: (limit) => amountShort(limit.amount, limit.metric),
    },
    {
      id: 'frees',
      header: 'Frees up',
      cell: (limit) => (
        <span className={isClose(limit) && limit.windowSeconds !== 60 ? classes.soon : classes.frees}>
          {freesWords(limit)}
        </span>
      ),
    },
    {
      id: 'by',
      header: 'Set by',
      cell: (limit) => (
        <span className={classes.by} title={setBy(limit, member, plan, keys)}>
          {setBy(limit, member, plan, keys)}
        </span>
      ),
    },
  ];
}

function LimitName({ limit }: { limit: LimitState }) {
  const metric = METRICS.find(({ value }) => value === limit.metric)?.label ?? limit.metric;
  return (
    <span className={classes.limit}>
      <span>
        <b>{metric}</b> / {windowName(limit.windowSeconds)}
      </span>
      {limit.model === null ? (
        <span className={classes.models}>All models</span>
      ) : (
        <span className={classes.model} title={limit.model}>
          {limit.model}
        </span>
      )}
    </span>
  );
}

function setBy(
  { setBy: scope, keyId }: LimitState,
  member: Member,
  plan: string,
  keys: readonly Key[] | undefined,
): string {
  if (scope === 'plan') return `plan ${plan}`;
  if (scope === 'member') return member.name;
  return `key ${keys?.find(({ id }) => id === keyId)?.name ?? keyId}`;
}

function isClose(limit: LimitState): boolean {
  return shareUsed(limit) >= CLOSE;
}
