import type { Limit } from '../../../gateway/doors/admin/contract.ts';
import { count, day, dollars, moment, windowName } from '../../format.ts';

/** Values of the change log in words. They are JSON of any age: nothing is taken for granted. */

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

const LABELS: Readonly<Record<string, string>> = {
  planId: 'Plan',
  enabled: 'On',
  multiplier: 'Multiplier',
  targets: 'Targets',
  aliasOf: 'Stands for',
  price: 'Price',
  status: 'Status',
  allowedModels: 'Allowed models',
  allowedIps: 'Allowed addresses',
  prepaid: 'Prepaid',
  selfService: 'Self-service',
  email: 'Mail',
  baseUrl: 'Base URL',
  credential: 'Credential',
  priority: 'Priority',
  headers: 'Headers',
  proxy: 'Proxy',
  ca: 'Certificates',
  expiresAt: 'Ends',
  revokedAt: 'Revoked',
  defaultModel: 'Default model',
  retentionDays: 'Days kept',
  metrics: 'Metrics',
  joining: 'Joining',
  ollama: 'Ollama’s API',
  ollamaKeyId: 'Key of requests without one',
  ollamaPort: 'Ollama’s own port',
  ollamaUrl: 'Ollama’s own address',
  ollamaProblem: 'Trouble with Ollama’s own port',
  key: 'Key',
  words: 'Said',
  purpose: 'For',
  port: 'Port',
  on: 'Shared',
  addresses: 'Addresses',
  plainHttp: 'Plain HTTP',
  plainPort: 'Port of plain HTTP',
  mdns: 'Announced by mDNS',
  panel: 'Panel from other computers',
  pageSizeCap: 'Page size',
  historyDays: 'Days of history',
  priceMicros: 'Price',
  requestsPerMinute: 'Requests a minute',
  systemPrompt: 'System prompt',
  parameters: 'Parameters',
  startAtLogin: 'Start at login',
  notifications: 'Notifications',
  closeHides: 'Closing hides',
  cidr: 'Address',
  reason: 'Reason',
  configured: 'Taken',
  mode: 'Mode',
  secretKey: 'Stripe key',
  webhook: 'Webhooks',
  webhookSecret: 'Signing secret',
  publicUrl: 'Public address',
  invoices: 'Invoices',
};

/** A field's name as people know it: `baseUrl` is Base URL, `someThing` Some thing. */
export function fieldLabel(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return LABELS[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** What nothing stands for, where it is not “none”. */
const NULLS: Readonly<Record<string, string>> = {
  allowedModels: 'all',
  allowedIps: 'any',
  expiresAt: 'never',
  price: 'from the price list',
  requestsPerMinute: 'no limit',
  port: '7411',
};

export function valueWords(name: string, value: unknown): string {
  if (value === null || value === undefined) return NULLS[name] ?? 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return numberWords(name, value);
  if (typeof value === 'string') return name.endsWith('At') ? moment(value) : value;
  if (name === 'price') return priceWords(fieldsOf(value));
  if (Array.isArray(value)) return value.map(itemWords).join(', ') || 'none';
  return JSON.stringify(value);
}

function numberWords(name: string, value: number): string {
  if (name.endsWith('Micros')) return dollars(value);
  if (name === 'multiplier') return `x${value}`;
  return name === 'port' ? String(value) : count(value);
}

/** A million tokens of input and of output. */
function priceWords({ input, output }: Fields): string {
  const side = (micros: unknown) => (typeof micros === 'number' ? dollars(micros) : 'none');
  return `${side(input)} in, ${side(output)} out`;
}

/** A model's target by its provider; else the item itself. */
function itemWords(item: unknown): string {
  const { providerName, providerId, upstreamModel } = fieldsOf(item);
  if (upstreamModel !== undefined) return String(providerName ?? `provider ${providerId}`);
  return typeof item === 'string' ? item : JSON.stringify(item);
}

/** `+gpt-5.1, −deepseek-v3` for lists of names that are long and differ little; null for others. */
export function listDifference(before: unknown, after: unknown): string | null {
  if (!isNames(before) || !isNames(after)) return null;
  const [added, gone] = [
    after.filter((name) => !before.includes(name)),
    before.filter((name) => !after.includes(name)),
  ];
  return [...added.map((name) => `+${name}`), ...gone.map((name) => `−${name}`)].join(', ') || null;
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

export function isLimit(value: unknown): value is Limit {
  const { metric, amount, windowSeconds } = fieldsOf(value);
  return typeof metric === 'string' && typeof amount === 'number' && typeof windowSeconds === 'number';
}

/** 3 M; $350.00. Limits are mostly round. */
export function limitAmount({ metric, amount }: Limit): string {
  return metric === 'cost' ? dollars(amount) : count(amount).replace('.0 ', ' ');
}

/** 3 M tokens / 24 h. */
export function limitWords(limit: Limit): string {
  const unit = limit.metric === 'cost' ? '' : ` ${limit.metric}`;
  return `${limitAmount(limit)}${unit} / ${windowName(limit.windowSeconds)}`;
}

/** Until a moment that may lie far ahead. */
export function untilWords(value: unknown): string {
  return typeof value === 'string' ? `until ${day(new Date(value))}` : 'for good';
}
