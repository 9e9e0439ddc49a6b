import type { ReactNode } from 'react';
import classes from './setting-row.module.css';

interface SettingRowProps {
  title: string;
  /** What it does, or what follows. */
  help?: ReactNode;
  /** The gateway's refusal, in place of the help. */
  error?: string | null;
  children?: ReactNode;
}

/** One setting: its name and help at the left, its control at the right. */
export function SettingRow({ title, help, error, children }: SettingRowProps) {
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <h3 className={classes.title}>{title}</h3>
        {error != null ? (
          <p className={classes.error} role="alert">
            {error}
          </p>
        ) : (
          help !== undefined && <p className={classes.help}>{help}</p>
        )}
      </div>
      {children !== undefined && <div className={classes.control}>{children}</div>}
    </div>
  );
}
