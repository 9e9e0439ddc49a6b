import type { AuditRow, BalanceRefusal, LimitRefusal } from '../../../gateway/doors/admin/contract.ts';
import { comingMoment, dollars } from '../../format.ts';
import { amountWords } from '../../people/amounts.ts';
import { limitSentence } from '../../people/limit-words.ts';
import { possessive } from '../../people/member-words.ts';

type Who = Pick<AuditRow, 'memberName' | 'keyPrefix'>;

/** Ada’s own limit of 600 requests / 60 s had 600 requests used; this one needed 1 request. */
export function refusalSentence(refusal: LimitRefusal, row: Who): string {
  const { metric, used, needed } = refusal;
  return `${whose(refusal, row)} limit of ${limitSentence(refusal)} had ${amountWords(used, metric)} used; this request needed ${amountWords(needed, metric)}.`;
}

/** When it would have passed, had nothing else been sent. */
export function passesWords(
  { passesAt, windowSeconds }: LimitRefusal,
  { at }: Pick<AuditRow, 'at'>,
  now = new Date(),
): string {
  if (passesAt === null) return 'It would never have passed: alone it is larger than the limit.';
  const seconds = Math.ceil((Date.parse(passesAt) - Date.parse(at)) / 1_000);
  const moment = comingMoment(passesAt, now);
  const when =
    windowSeconds === 60 ? `${seconds} s later` : `${moment.includes(':') ? 'at' : 'on'} ${moment}`;
  return `Had nothing else been sent, it would have passed ${when}.`;
}

/** Ada’s balance was 150 tokens, of which running requests held 111; this one needed 111 tokens. */
export function balanceSentence(
  { tokens, micros, held, needed }: BalanceRefusal,
  { memberName }: Who,
): string {
  const running =
    held.tokens === 0 && held.micros === 0 ? '' : `, of which running requests held ${amounts(held, 'and')}`;
  const name = memberName === null ? 'The member’s' : possessive(memberName);
  return `${name} balance was ${amounts({ tokens, micros }, 'and')}${running}; this request needed ${amounts(needed, 'or')}.`;
}

function amounts({ tokens, micros }: { tokens: number; micros: number }, word: 'and' | 'or'): string {
  const inTokens = amountWords(tokens, 'tokens');
  return micros === 0 ? inTokens : `${inTokens} ${word} ${dollars(micros, 4)}`;
}

function whose({ scope, subjectId }: LimitRefusal, { memberName, keyPrefix }: Who): string {
  if (scope === 'plan') return `The plan ${subjectId}’s`;
  if (scope === 'key') return `The key ${keyPrefix ?? ''}…’s`;
  return memberName === null ? 'The member’s own' : `${possessive(memberName)} own`;
}
