import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './checks.module.css';

/** One thing that is as it should be, or is not. */
export function Check({ ok, title, children }: { ok: boolean; title: string; children?: ReactNode }) {
  return (
    <li className={classes.check} data-ok={ok}>
      {ok ? (
        <IconCheck size={16} stroke={1.8} aria-label="Yes:" />
      ) : (
        <IconAlertTriangle size={16} stroke={1.6} aria-label="No:" />
      )}
      <span className={classes.words}>
        <span>{title}</span> <span className={classes.more}>{children}</span>
      </span>
    </li>
  );
}
