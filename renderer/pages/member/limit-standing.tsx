import type { LimitState } from '../../../gateway/doors/admin/contract.ts';
import { CLOSE, Meter } from '../../components/meter.tsx';
import { percent } from '../../format.ts';
import { amountInput, amountWords } from '../../people/amounts.ts';
import { Facts } from '../../people/facts.tsx';
import { freesWords, limitLine, shareUsed } from '../../people/limit-words.ts';
import classes from './limit-standing.module.css';

/** How a limit stands now. */
export function LimitStanding({ limit }: { limit: LimitState }) {
  const { used, amount, metric, model } = limit;
  const share = shareUsed(limit);
  return (
    <div className={classes.standing}>
      <div className={classes.words}>
        <span>
          {amountWords(used, metric)} of{' '}
          {metric === 'cost' ? amountWords(amount, metric) : amountInput(amount, metric)} used
        </span>
        <span className={share >= CLOSE ? classes.close : ''}>{percent(share)}</span>
      </div>
      <Meter share={share} label={`Used of ${limitLine(limit)}`} />
      <Facts
        facts={[
          ['For', model === null ? 'All models together' : <code key="model">{model}</code>],
          ['Frees up', freesWords(limit)],
        ]}
      />
    </div>
  );
}
