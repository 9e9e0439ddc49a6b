/** How much of a key is kept: enough to tell it from others. */
const PREFIX = 'ntl_live_';
const PREFIX_LENGTH = PREFIX.length + 6;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const IPV4 = /^(\d{1,3}\.){3}\d{1,3}$/;
const IPV6 = /^(?=.*:.*:)[0-9a-f:]+(\.\d{1,3}){0,3}$/i;
/** How the gateway writes who came from the app itself, as its playground does. */
const IN_PROCESS = 'in-process';

/** What the search field's text means. `unclear`: as yet nothing that could be looked for. */
export type Search =
  | { kind: 'requestId'; value: string }
  | { kind: 'keyPrefix'; value: string }
  | { kind: 'address'; value: string }
  | { kind: 'status'; value: string }
  | { kind: 'code'; value: string }
  | { kind: 'unclear' };

/** A key that was pasted whole is cut: no address bar and no history shall hold it. */
export function withoutSecret(text: string): string {
  const trimmed = text.trim();
  return trimmed.startsWith(PREFIX) ? trimmed.slice(0, PREFIX_LENGTH) : text;
}

/**
 * @param prefixes the beginnings of the keys there are: one that is typed in part is found by them
 * @param codes that a row can carry
 */
export function parseSearch(
  text: string,
  prefixes: readonly string[],
  codes: readonly string[],
): Search | null {
  const typed = withoutSecret(text).trim();
  if (typed === '') return null;
  if (UUID.test(typed)) return { kind: 'requestId', value: typed.toLowerCase() };
  if (typed.startsWith(PREFIX)) return keySearch(typed, prefixes);
  if (IPV4.test(typed) || IPV6.test(typed) || typed === IN_PROCESS) return { kind: 'address', value: typed };
  if (/^[1-5]\d\d$/.test(typed)) return { kind: 'status', value: typed };
  return codes.includes(typed) ? { kind: 'code', value: typed } : { kind: 'unclear' };
}

function keySearch(typed: string, prefixes: readonly string[]): Search {
  if (typed.length === PREFIX_LENGTH) return { kind: 'keyPrefix', value: typed };
  const [found, another] = prefixes.filter((prefix) => prefix.startsWith(typed));
  return found === undefined || another !== undefined
    ? { kind: 'unclear' }
    : { kind: 'keyPrefix', value: found };
}
