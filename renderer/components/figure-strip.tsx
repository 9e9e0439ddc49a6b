import type { ReactNode } from 'react';
import classes from './figure-strip.module.css';

export interface Figure {
  label: string;
  value: ReactNode;
  unit?: string;
  /** Under the figure. */
  note?: ReactNode;
}

/** Figures side by side; `undefined` values are still being read. */
export function FigureStrip({
  figures,
  label,
  joined = false,
}: {
  figures: readonly Figure[];
  label: string;
  joined?: boolean;
}) {
  return (
    <dl className={joined ? classes.joined : classes.strip} aria-label={label}>
      {figures.map((figure) => (
        <div key={figure.label} className={classes.figure}>
          <dt className={classes.label}>{figure.label}</dt>
          <dd className={classes.value}>
            {figure.value}
            {figure.unit !== undefined && <span className={classes.unit}>{figure.unit}</span>}
          </dd>
          {figure.note !== undefined && <dd className={classes.note}>{figure.note}</dd>}
        </div>
      ))}
    </dl>
  );
}
