import classes from './meter.module.css';

/** A limit is close from here on. */
export const CLOSE = 0.95;

/** How much of a limit is used: 0 to 1. `label` says of what. */
export function Meter({ share, label }: { share: number; label: string }) {
  const percent = Math.min(100, Math.max(0, share * 100));
  return (
    // biome-ignore lint/a11y/useSemanticElements: <meter> cannot be drawn as the panel draws it
    <span
      className={classes.meter}
      data-close={share >= CLOSE || undefined}
      role="meter"
      aria-label={label}
      aria-valuenow={Math.round(percent)}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <span className={classes.used} style={{ width: `${percent}%` }} />
    </span>
  );
}
