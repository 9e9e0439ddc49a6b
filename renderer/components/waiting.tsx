import type { ReactNode } from 'react';
import classes from './waiting.module.css';

/** Something will come by itself; this says what is waited for. */
export function Waiting({ children }: { children: ReactNode }) {
  return (
    <span className={classes.waiting} role="status">
      <span className={classes.mark} aria-hidden="true" />
      <span>{children}</span>
    </span>
  );
}
