import type { LimitState } from '../../gateway/doors/admin/contract.ts';
import type { Account } from '../../gateway/doors/people/contract.ts';
import { useOwnKeys, useOwnLimits } from '../colleague/queries.ts';
import { CLOSE, Meter } from '../components/meter.tsx';
import { Panel } from '../components/panel.tsx';
import { Empty, Failed, Skeletons } from '../components/states.tsx';
import { amountShort } from '../people/amounts.ts';
import { freesWords, limitLine, limitName, shareUsed } from '../people/limit-words.ts';
import classes from './limits-panel.module.css';

/** What holds, how it stands, and when some of it is free again: as admission sees it. */
export function LimitsPanel({ account }: { account: Account }) {
  const { data, error, refetch } = useOwnLimits();
  const keys = useOwnKeys().data ?? [];
  return (
    <Panel title="Limits" note="The tightest holds" flush>
      {data === undefined && error === null && <Skeletons rows={3} height={46} />}
      {data === undefined && error !== null && (
        <Failed what="The limits" error={error} onRetry={() => void refetch()} />
      )}
      {data?.length === 0 && <Empty title="Nothing is limited" why={freeWords(account)} />}
      {data !== undefined && data.length > 0 && (
        <ul className={classes.list}>
          {data.map((limit) => (
            <Row
              key={[limit.scope, limit.subjectId, limit.metric, limit.windowSeconds, limit.model].join(' ')}
              limit={limit}
              by={byWords(limit, account, keys)}
            />
          ))}
        </ul>
      )}
      {account.key.kind !== 'standard' && <p className={classes.kind}>{KINDS[account.key.kind]}</p>}
    </Panel>
  );
}

const KINDS = {
  standard: '',
  subscription: 'Your key is for tool routes alone, and the limits of 24 h count for it.',
  pay_per_token: 'Your key pays from the balance: limits do not count for it.',
};

function Row({ limit, by }: { limit: LimitState; by: string }) {
  const share = shareUsed(limit);
  return (
    <li className={classes.row} data-close={share >= CLOSE || undefined}>
      <span className={classes.name}>
        {limitName(limit)}
        {limit.model !== null && <code className={classes.model}>{limit.model}</code>}
      </span>
      <span className={classes.amounts}>
        <b>{amountShort(limit.used, limit.metric)}</b> of {amountShort(limit.amount, limit.metric)}
      </span>
      <span className={classes.meter}>
        <Meter share={share} label={`Used of ${limitLine(limit)}`} />
      </span>
      <span className={classes.frees}>{freesWords(limit)}</span>
      <span className={classes.by}>{by}</span>
    </li>
  );
}

function byWords(limit: LimitState, account: Account, keys: readonly { id: string; name: string }[]): string {
  if (limit.setBy === 'plan') return `plan ${account.plan.name}`;
  if (limit.setBy === 'member') return 'for you';
  return `key ${keys.find(({ id }) => id === limit.keyId)?.name ?? limit.keyId}`;
}

function freeWords({ prepaid }: Account): string {
  return prepaid ? 'What you send is paid from your balance.' : 'Whatever you send is let through.';
}
