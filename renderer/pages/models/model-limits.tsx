import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import type { LimitState } from '../../../gateway/doors/admin/contract.ts';
import { useKeys, useMembers, usePlans } from '../../api/lists.ts';
import { CLOSE } from '../../components/meter.tsx';
import { compact, dollars, percent, windowName } from '../../format.ts';
import classes from './model-fields.module.css';
import { useModelLimits } from './upstream-models.ts';

/** Limits set for this model alone, the fullest first. */
export function ModelLimits({ model }: { model: string }) {
  const { data } = useModelLimits(model);
  const nameOf = useSubjectNames();
  if (data === undefined || data.length === 0) return null;
  return (
    <section aria-label="Limits for this model">
      <div className={classes.head}>
        <b>Limits for this model</b>
        <span>Held beside the wider ones</span>
      </div>
      <ul className={classes.limits}>
        {data.map((limit) => (
          <li key={`${limit.scope} ${limit.subjectId} ${limit.metric} ${limit.windowSeconds}`}>
            <Anchor component={Link} href={pathOf(limit)} c="inherit">
              {nameOf(limit)}
            </Anchor>
            <span className="muted">
              {amountOf(limit)} / {windowName(limit.windowSeconds)}
            </span>
            <UsedShare limit={limit} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function UsedShare({ limit: { used, amount } }: { limit: LimitState }) {
  const share = amount === 0 ? 1 : used / amount;
  return <span data-close={share >= CLOSE || undefined}>{percent(share)} used</span>;
}

function amountOf({ metric, amount }: LimitState): string {
  return metric === 'cost' ? dollars(amount) : `${compact(amount)} ${metric}`;
}

function pathOf({ scope, subjectId, memberId }: LimitState): string {
  if (scope === 'plan') return `/members/plans/${subjectId}`;
  return `/members/${scope === 'member' ? subjectId : (memberId ?? '')}`;
}

function useSubjectNames(): (limit: LimitState) => string {
  const members = useMembers().data ?? [];
  const keys = useKeys().data ?? [];
  const plans = usePlans().data ?? [];
  return ({ scope, subjectId }) => {
    if (scope === 'member') return members.find(({ id }) => id === subjectId)?.name ?? 'A member';
    if (scope === 'key') return `Key ${keys.find(({ id }) => id === subjectId)?.name ?? subjectId}`;
    return `Plan ${plans.find(({ id }) => id === subjectId)?.id ?? subjectId}`;
  };
}
