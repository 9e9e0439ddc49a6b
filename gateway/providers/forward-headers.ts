/** Header values as Node gives them, lower-case names. */
export type IncomingHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Every local key starts so; whatever carries one must not reach a provider. */
const LOCAL_KEY_MARK = 'ntl_live_';

/** RFC 9110 §7.6.1, and the older names still seen. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const NOT_SENT_UP = new Set([
  ...HOP_BY_HOP,
  // True of the caller's connection or body, not of ours.
  ...['host', 'content-length', 'content-encoding', 'accept-encoding', 'expect'],
  ...['content-md5', 'digest', 'content-digest', 'repr-digest'],
  // Credentials in every form a caller may use.
  ...['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie', 'cookie2'],
  // Where the caller sits.
  ...['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'origin', 'referer'],
  // Which account pays is the owner's business.
  ...['openai-organization', 'openai-project'],
]);

const PREFIX_NOT_SENT_UP = /^(?:proxy|x-forwarded|cf|sec|x-ntl)-/;

/**
 * The caller's headers that go to a provider. The body is sent plain and asked for plain, so that streams
 * pass without delay.
 * @returns lower-case names; always `accept-encoding` and `content-type`
 */
export function upstreamHeaders(incoming: IncomingHeaders): Record<string, string> {
  const listed = connectionOptions(incoming.connection);
  const outgoing: Record<string, string> = {};
  for (const name in incoming) {
    const value = incoming[name];
    if (value === undefined || NOT_SENT_UP.has(name) || listed?.has(name)) continue;
    if (PREFIX_NOT_SENT_UP.test(name)) continue;
    const text = joined(value);
    if (!text.includes(LOCAL_KEY_MARK)) outgoing[name] = text;
  }
  outgoing['content-type'] ??= 'application/json';
  outgoing['accept-encoding'] = 'identity';
  return outgoing;
}

/** RFC 9110 §7.6.1: a name listed in Connection is meant for the next hop alone. */
function connectionOptions(value: string | string[] | undefined): Set<string> | undefined {
  if (value === undefined || value === 'keep-alive') return undefined;
  return new Set(
    joined(value)
      .split(',')
      .map((name) => name.trim().toLowerCase()),
  );
}

/** RFC 9110 §5.3: repeated fields may be joined by a comma. */
function joined(value: string | string[]): string {
  return typeof value === 'string' ? value : value.join(', ');
}

const CREDENTIAL_PARAMETERS = new Set(['key', 'api_key', 'api-key', 'access_token']);

/**
 * The caller's query without credentials; the rest stays byte for byte and in order.
 * @param rawQuery what stands behind the path, with or without '?'
 * @returns '' or '?…'
 */
export function forwardQuery(rawQuery: string): string {
  if (rawQuery === '') return '';
  const text = rawQuery.startsWith('?') ? rawQuery.slice(1) : rawQuery;
  const kept = text.split('&').filter((pair) => pair !== '' && !carriesCredential(pair));
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

function carriesCredential(pair: string): boolean {
  const name = pair.split('=', 1)[0] ?? '';
  return CREDENTIAL_PARAMETERS.has(decoded(name).toLowerCase()) || decoded(pair).includes(LOCAL_KEY_MARK);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

const SENT_DOWN = new Set(['content-type', 'openai-processing-ms', 'openai-version', 'openai-model']);

/**
 * The provider's headers that go back to the caller. Its rate limits, cookies and account names are the
 * owner's; `retry-after` is told by whoever knows all targets.
 * @param answer lower-case names
 */
export function downstreamHeaders(answer: Readonly<Record<string, string>>): Record<string, string> {
  const outgoing: Record<string, string> = {};
  for (const name in answer) {
    if (SENT_DOWN.has(name) || isOpenAnthropicHeader(name)) outgoing[name] = answer[name] as string;
  }
  const requestId = answer['x-request-id'] ?? answer['request-id'];
  if (requestId !== undefined) outgoing['x-upstream-request-id'] = requestId;
  return outgoing;
}

function isOpenAnthropicHeader(name: string): boolean {
  if (name === 'anthropic-organization-id') return false;
  return name.startsWith('anthropic-') && !name.startsWith('anthropic-ratelimit-');
}
