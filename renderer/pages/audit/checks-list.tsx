import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';
import { Status } from '../../components/status.tsx';
import { CHECKS, stoppedAt } from './checks.ts';
import classes from './row-detail.module.css';

/** The checks in their order, and where the request stopped. */
export function ChecksList({ row }: { row: AuditRow }) {
  const stop = stoppedAt(row);
  if (stop === null) return null;
  const at = CHECKS.indexOf(stop);
  return (
    <section>
      <h3 className={classes.title}>Checks</h3>
      <ol className={classes.checks}>
        {CHECKS.map((check, index) => (
          <li key={check}>
            {index < at && (
              <Status tone="ok" quiet>
                {check}
                <span className="visually-hidden">, passed</span>
              </Status>
            )}
            {index === at && (
              <Status tone="warn">
                {check}: {row.code}
              </Status>
            )}
            {index > at && <Status tone="off">{check}, not reached</Status>}
          </li>
        ))}
      </ol>
    </section>
  );
}
