import type { Change, Limit } from '../doors/admin/contract.ts';
import { limitText } from './limits.ts';
import { count, dollars, localTime, price, yesNo } from './units.ts';

const LONGEST_VALUE = 60;

/** Told by another field of the same change: a plan has its limit of requests a minute twice. */
const REPEATED = new Set(['limits']);

type Fields = Readonly<Record<string, unknown>>;

/** `member 3 (Mia)`: ids alone tell nobody anything. */
export function subjectText({ subject, before, after }: Change): string {
  // What follows the first blank says which limit; changedText tells it better.
  const [what = ''] = subject.split(' ', 1);
  const [kind = '', ...id] = what.split(':');
  const name = fieldsOf(after).name ?? fieldsOf(before).name;
  const named = typeof name === 'string' && name !== id.join(':') ? ` (${name})` : '';
  return `${kind} ${id.join(':')}`.trim() + named;
}

/** `name: before → after` for what differs; `new` and `removed` for the whole. */
export function changedText({ action, before, after }: Change): string {
  if (isLimit(after)) return limitChange(isLimit(before) ? before : null, after);
  if (isLimit(before)) return `${limitText(before)}, lifted`;
  if (action === 'member.grant') return grantText(fieldsOf(after));
  if (after === null) return 'removed';
  if (before === null) return newText(fieldsOf(after));
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter(
    (name) => !REPEATED.has(name) && JSON.stringify(old[name]) !== JSON.stringify(fresh[name]),
  );
  return names.map((name) => `${name}: ${shown(name, old[name])} → ${shown(name, fresh[name])}`).join(', ');
}

function newText({ importedFrom }: Fields): string {
  return typeof importedFrom === 'string' ? `new, from ${importedFrom}` : 'new';
}

function limitChange(before: Limit | null, after: Limit): string {
  return before === null ? limitText(after) : `${limitText(before)} → ${limitText(after)}`;
}

function grantText({ tokens, micros }: Fields): string {
  const parts = [
    typeof tokens === 'number' && tokens !== 0 ? `${count(tokens)} tokens` : '',
    typeof micros === 'number' && micros !== 0 ? dollars(micros) : '',
  ];
  return `granted ${parts.filter((part) => part !== '').join(' and ')}`;
}

function shown(name: string, value: unknown): string {
  const text = valueText(name, value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

function valueText(name: string, value: unknown): string {
  if (value === null || value === undefined) return NULLS[name] ?? 'none';
  if (typeof value === 'boolean') return yesNo(value);
  if (typeof value === 'number') return name.endsWith('Micros') ? dollars(value) : String(value);
  if (typeof value === 'string') return name.endsWith('At') ? localTime(value) : value;
  if (name === 'price') return priceText(fieldsOf(value));
  if (Array.isArray(value)) return value.map(itemText).join(', ') || 'none';
  return JSON.stringify(value);
}

/** What nothing stands for, where it is not "none". */
const NULLS: Readonly<Record<string, string>> = {
  allowedModels: 'all',
  allowedIps: 'all',
  expiresAt: 'never',
  price: 'as in the catalogue',
  requestsPerMinute: 'no limit',
};

function priceText({ input, output }: Fields): string {
  const side = (micros: unknown) => price(typeof micros === 'number' ? micros : null);
  return `${side(input)} in and ${side(output)} out`;
}

/** A model's target as it is typed, else the item itself. */
function itemText(item: unknown): string {
  const { providerName, providerId, upstreamModel } = fieldsOf(item);
  if (upstreamModel !== undefined) return `${providerName ?? providerId}:${upstreamModel}`;
  return typeof item === 'string' ? item : JSON.stringify(item);
}

function isLimit(value: unknown): value is Limit {
  const { metric, amount, windowSeconds } = fieldsOf(value);
  return typeof metric === 'string' && typeof amount === 'number' && typeof windowSeconds === 'number';
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
