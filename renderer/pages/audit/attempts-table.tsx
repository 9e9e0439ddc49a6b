import type { AuditRowDetail } from '../../../gateway/doors/admin/contract.ts';
import { NOTHING } from '../../format.ts';
import { type Attempt, attemptsOf } from './attempts.ts';
import classes from './attempts-table.module.css';

/** Calls to providers in their order, each where it lay in the request's time. */
export function AttemptsTable({ row }: { row: AuditRowDetail }) {
  return (
    <table className={classes.table} aria-label="Calls to providers">
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Number</th>
          <th scope="col">Provider</th>
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      <tbody>
        {attemptsOf(row).map((attempt) => (
          <tr key={attempt.number}>
            <td className={classes.number}>{attempt.number}</td>
            <td className={classes.provider}>
              {attempt.providerName ?? 'Built-in echo'}
              <span className={classes.model}>{attempt.upstreamModel ?? NOTHING}</span>
            </td>
            <td>
              <Bar attempt={attempt} />
              <p className={classes.words}>
                {attempt.status !== null && (
                  <span className={classes.status} data-failed={attempt.failed || undefined}>
                    {attempt.status}{' '}
                  </span>
                )}
                {attempt.words}
              </p>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Waiting is dim, answering is not; what failed is red. */
function Bar({ attempt: { begins, firstByte, ends, failed } }: { attempt: Attempt }) {
  const part = (from: number, to: number) => ({
    left: `${from * 100}%`,
    width: `${Math.max(0, to - from) * 100}%`,
  });
  return (
    <span className={classes.track} aria-hidden="true">
      {failed ? (
        <span className={classes.failed} style={part(begins, ends)} />
      ) : (
        <>
          <span className={classes.waits} style={part(begins, firstByte)} />
          <span className={classes.answers} style={part(firstByte, ends)} />
        </>
      )}
    </span>
  );
}
