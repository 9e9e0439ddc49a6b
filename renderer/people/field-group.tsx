import type { ReactNode } from 'react';
import classes from './field-group.module.css';

interface FieldGroupProps {
  label: string;
  /** Beside the label. */
  note?: ReactNode;
  /** Right. */
  aside?: ReactNode;
  children: ReactNode;
}

/** Several controls under one label. */
export function FieldGroup({ label, note, aside, children }: FieldGroupProps) {
  return (
    <fieldset className={classes.group}>
      <legend className="visually-hidden">{label}</legend>
      <div className={classes.head}>
        <span className={classes.label} aria-hidden="true">
          {label}
        </span>
        {note !== undefined && <span className={classes.note}>{note}</span>}
        {aside !== undefined && <span className={classes.aside}>{aside}</span>}
      </div>
      {children}
    </fieldset>
  );
}
