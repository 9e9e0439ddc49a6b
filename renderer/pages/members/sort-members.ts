import type { Member, UsageSums } from '../../../gateway/doors/admin/contract.ts';

type Today = ReadonlyMap<string, UsageSums> | undefined;

export const ORDERS = [
  { value: 'name', label: 'Name' },
  { value: 'last', label: 'Last request' },
  { value: 'requests', label: 'Requests today' },
  { value: 'tokens', label: 'Tokens today' },
  { value: 'cost', label: 'Cost today' },
] as const;

const BY: Readonly<Record<string, (today: Today) => (a: Member, b: Member) => number>> = {
  name: () => (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true, sensitivity: 'base' }),
  last: () => (a, b) => (b.lastRequestAt ?? '').localeCompare(a.lastRequestAt ?? ''),
  requests: (today) => mostFirst(today, ({ requests }) => requests),
  tokens: (today) => mostFirst(today, tokensOf),
  cost: (today) => mostFirst(today, ({ costMicros }) => costMicros),
};

/** @param order one of ORDERS; anything else leaves them as they were added */
export function sortMembers(members: readonly Member[], order: string | null, today: Today): Member[] {
  const compare = BY[order ?? '']?.(today);
  return compare === undefined ? [...members] : members.toSorted(compare);
}

export function tokensOf({ inputTokens, outputTokens }: UsageSums): number {
  return inputTokens + outputTokens;
}

function mostFirst(today: Today, figure: (sums: UsageSums) => number) {
  const of = ({ id }: Member) => {
    const sums = today?.get(id);
    return sums === undefined ? 0 : figure(sums);
  };
  return (a: Member, b: Member) => of(b) - of(a);
}
