import type { ReactNode } from 'react';
import classes from './status.module.css';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'off';

/** A dot and a word: colour never says it alone. `quiet` leaves the word in plain ink. */
export function Status({
  tone,
  quiet = false,
  children,
}: {
  tone: Tone;
  quiet?: boolean;
  children: ReactNode;
}) {
  return (
    <span className={classes.status} data-tone={quiet ? undefined : tone}>
      <Dot tone={tone} />
      <span>{children}</span>
    </span>
  );
}

export function Dot({ tone }: { tone: Tone }) {
  return <span className={classes.dot} data-tone={tone} aria-hidden="true" />;
}
