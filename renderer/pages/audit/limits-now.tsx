import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';
import { LimitMeter } from '../../people/limit-meter.tsx';
import { freesWords } from '../../people/limit-words.ts';
import { useMemberLimits } from '../../people/queries.ts';
import classes from './row-detail.module.css';

const WINDOWS: Readonly<Record<string, number>> = {
  rate_limit_minute: 60,
  quota_day: 86_400,
  quota_month: 2_592_000,
};

/** How full the limits over that time are now: whether it would pass by now. */
export function LimitsNow({ row }: { row: AuditRow }) {
  const windowSeconds = WINDOWS[row.code ?? ''];
  if (row.memberId === null || windowSeconds === undefined) return null;
  return <Limits row={row} memberId={row.memberId} windowSeconds={windowSeconds} />;
}

function Limits({
  row,
  memberId,
  windowSeconds,
}: {
  row: AuditRow;
  memberId: string;
  windowSeconds: number;
}) {
  const { data } = useMemberLimits(memberId);
  const held = (data ?? []).filter(
    (limit) =>
      limit.windowSeconds === windowSeconds &&
      (limit.model === null || limit.model === row.model) &&
      (limit.keyId === null || limit.keyId === row.keyId),
  );
  if (held.length === 0) return null;
  return (
    <div className={classes.limits}>
      <p className="muted">Limits over this time, as they stand now</p>
      {held.map((limit) => (
        <div key={`${limit.setBy} ${limit.metric} ${limit.model}`} className={classes.limit}>
          <LimitMeter limit={limit} />
          <span className="muted">{freesWords(limit)}</span>
        </div>
      ))}
    </div>
  );
}
