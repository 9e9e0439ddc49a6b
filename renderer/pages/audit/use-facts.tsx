import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';
import { dollars, whole } from '../../format.ts';
import { Facts } from '../../people/facts.tsx';
import classes from './row-detail.module.css';

/** What a request used, and what was charged for it. */
export function UseFacts({ row }: { row: AuditRow }) {
  const tokens = (amount: number) => `${whole(amount)} ${amount === 1 ? 'token' : 'tokens'}`;
  return (
    <section>
      <h3 className={classes.title}>{row.status === 0 ? 'Reserved' : 'Use'}</h3>
      <Facts
        facts={[
          ['Input', tokens(row.inputTokens)],
          ['of it cached', tokens(row.cachedTokens)],
          ['Output', tokens(row.outputTokens)],
          ['of it reasoning', tokens(row.reasoningTokens)],
          ['Cost', dollars(row.costMicros, 4)],
          [`Charged, x${row.multiplier}`, tokens(row.chargedTokens)],
        ]}
      />
      {row.estimated && (
        <p className="muted">
          {row.status === 0
            ? 'Held back until the answer has ended.'
            : 'Estimated: the provider told no numbers.'}
        </p>
      )}
    </section>
  );
}
