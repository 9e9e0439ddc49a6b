import classes from './key-limits-used.module.css';
import { LimitMeter } from './limit-meter.tsx';
import { useMemberLimits } from './queries.ts';

/** How a key's own limits stand. */
export function KeyLimitsUsed({ memberId, keyId }: { memberId: string; keyId: string }) {
  const states = useMemberLimits(memberId).data?.filter((limit) => limit.keyId === keyId) ?? [];
  if (states.length === 0) return null;
  return (
    <section aria-label="Used now" className={classes.used}>
      <h3 className={classes.title}>Used now</h3>
      {states.map((limit) => (
        <LimitMeter key={`${limit.metric} ${limit.windowSeconds} ${limit.model}`} limit={limit} />
      ))}
    </section>
  );
}
