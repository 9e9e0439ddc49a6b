import type { LimitState } from '../../gateway/doors/admin/contract.ts';
import { CLOSE, Meter } from '../components/meter.tsx';
import { percent } from '../format.ts';
import classes from './limit-meter.module.css';
import { limitLine, limitName, shareUsed } from './limit-words.ts';

/** A limit's name, how much of it is used, and a bar. */
export function LimitMeter({ limit }: { limit: LimitState }) {
  const share = shareUsed(limit);
  const name = limitLine(limit);
  return (
    <span className={classes.limit}>
      <span className={classes.words}>
        <span className={classes.name} title={name}>
          {limit.model !== null && <span className={classes.model}>{limit.model}</span>}
          <span className={classes.what}>{limitName(limit).toLowerCase()}</span>
        </span>
        <span className={classes.share} data-close={share >= CLOSE || undefined}>
          {percent(Math.min(share, 9.99))}
        </span>
      </span>
      <Meter share={share} label={`Used of ${name}`} />
    </span>
  );
}
