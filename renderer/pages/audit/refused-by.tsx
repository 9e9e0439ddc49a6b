import type {
  AuditRow,
  AuditRowDetail,
  BalanceRefusal,
  LimitRefusal,
} from '../../../gateway/doors/admin/contract.ts';
import { LimitMeter } from '../../people/limit-meter.tsx';
import { balanceSentence, passesWords, refusalSentence } from './refusal-words.ts';
import classes from './refused-by.module.css';

type Refusal = NonNullable<AuditRowDetail['refusedBy']>;

/** The limit or balance that refused a request: how it stood, and when the request would have passed. */
export function RefusedBy({ row, refusal }: { row: AuditRow; refusal: Refusal }) {
  return (
    <div className={classes.refusal}>
      {refusal.kind === 'limit' ? (
        <ByLimit row={row} refusal={refusal} />
      ) : (
        <ByBalance row={row} refusal={refusal} />
      )}
    </div>
  );
}

function ByLimit({ row, refusal }: { row: AuditRow; refusal: LimitRefusal }) {
  const { scope, used, passesAt } = refusal;
  const then = {
    ...refusal,
    ...{ setBy: scope, memberId: row.memberId, keyId: row.keyId },
    ...{ used, freesAt: passesAt, freesAmount: null },
  };
  return (
    <>
      <p className={classes.line}>{refusalSentence(refusal, row)}</p>
      <LimitMeter limit={then} />
      <p className={classes.line}>{passesWords(refusal, row)}</p>
    </>
  );
}

function ByBalance({ row, refusal }: { row: AuditRow; refusal: BalanceRefusal }) {
  return <p className={classes.line}>{balanceSentence(refusal, row)}</p>;
}
