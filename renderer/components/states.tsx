import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { AdminError } from '../api/admin-api.ts';
import classes from './states.module.css';

/** What is missing, why it matters, and the next step. */
export function Empty({ title, why, action }: { title: string; why?: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.state}>
      <p className={classes.title}>{title}</p>
      {why !== undefined && <p className={classes.why}>{why}</p>}
      {action !== undefined && <div className={classes.action}>{action}</div>}
    </div>
  );
}

/** Stands where the data would be. `what` names it, such as “The providers”. */
export function Failed({ what, error, onRetry }: { what: string; error: unknown; onRetry: () => void }) {
  return (
    <div className={classes.state} role="alert">
      <p className={classes.title}>{what} could not be read</p>
      <p className={classes.why}>{wordsOf(error)}</p>
      <div className={classes.action}>
        <Button onClick={onRetry}>Try again</Button>
      </div>
    </div>
  );
}

/** A line of rows' shape while nothing is known yet. It shows after a moment only: most answers are faster. */
export function Skeletons({ rows = 6, height = 32 }: { rows?: number; height?: number }) {
  const widths = [62, 48, 70, 55, 66, 44];
  return (
    <div className={classes.skeletons} aria-busy="true">
      <span className="visually-hidden">Loading</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={classes.skeleton} style={{ height }}>
          <span style={{ width: `${widths[index % widths.length]}%` }} />
        </div>
      ))}
    </div>
  );
}

/** Over data that is older than it seems. */
export function Stale({ children }: { children: ReactNode }) {
  return (
    <p className={classes.stale} role="status">
      {children}
    </p>
  );
}

/** A remark in a panel or a drawer: `warn` to look at, `bad` for what went wrong, `ok` for what works. */
export function Notice({
  tone,
  children,
  action,
}: {
  tone: 'info' | 'ok' | 'warn' | 'bad';
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={classes.notice} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <span>{children}</span>
      {action !== undefined && <span className={classes.noticeAction}>{action}</span>}
    </div>
  );
}

/** For people: the gateway's own words where it answered. */
export function wordsOf(error: unknown): string {
  if (error instanceof AdminError) return error.message;
  return 'The gateway does not answer. It may be restarting; what you typed is still here.';
}
