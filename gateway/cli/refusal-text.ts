import type { AuditRowDetail, BalanceRefusal, LimitRefusal } from '../doors/admin/contract.ts';
import { amountText, limitText } from './limits.ts';
import { count, localTime, price } from './units.ts';

type Field = readonly [string, string];

/** The limit or balance that refused a request, as it stood then; nothing for any other row. */
export function refusalFields(row: AuditRowDetail): Field[] {
  const { refusedBy } = row;
  if (refusedBy === null) return [];
  return refusedBy.kind === 'limit' ? limitFields(refusedBy, row) : balanceFields(refusedBy);
}

function limitFields(refusal: LimitRefusal, row: AuditRowDetail): Field[] {
  const { metric, used, needed, passesAt } = refusal;
  return [
    ['Refused by', `${limitText(refusal)}, of ${subjectOf(refusal, row)}`],
    ['Used then', `${amountText(metric, used)}; it needed ${amountText(metric, needed)}`],
    ['Passes at', passesAt === null ? 'never: alone it is larger than the limit' : localTime(passesAt)],
  ];
}

function subjectOf({ scope, subjectId }: LimitRefusal, { memberName, keyPrefix }: AuditRowDetail): string {
  if (scope === 'plan') return `plan ${subjectId}`;
  return scope === 'member' ? `member ${memberName ?? subjectId}` : `key ${keyPrefix ?? subjectId}…`;
}

function balanceFields({ tokens, micros, held, needed }: BalanceRefusal): Field[] {
  const isHeld = held.tokens > 0 || held.micros > 0;
  return [
    ['Balance then', `${count(tokens)} tokens and ${price(micros)}`],
    ...(isHeld
      ? [
          [
            'Held by others',
            `${count(held.tokens)} tokens and ${price(held.micros)}, by requests that ran`,
          ] as const,
        ]
      : []),
    ['It needed', `${count(needed.tokens)} tokens or ${price(needed.micros)}`],
  ];
}
