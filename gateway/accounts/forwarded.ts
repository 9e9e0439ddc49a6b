import { isIP } from 'node:net';
import { normalAddress } from './addresses.ts';

/** The headers in which a proxy tells for whom it asks. */
export type ForwardedHeader = 'x-forwarded-for' | 'forwarded';

/** A chain of proxies is short; whoever sends more has made it up. */
const MOST_HOPS = 20;

/**
 * For whom a header says that a request was made, the nearest first. Each proxy adds its own word at the right, so
 * what stands left of a word is only as good as the proxy that spoke it: nothing there is looked at before it is
 * asked for, and nothing there, an open quote say, changes what stands right of it.
 * @returns addresses in normal form; null for a word that names none, after which nothing follows
 */
export function* hopsOf(header: ForwardedHeader, value: string): Generator<string | null> {
  const wordOf = header === 'forwarded' ? forOf : (element: string) => element;
  let end = value.length;
  for (let hop = 0; hop < MOST_HOPS && end >= 0; hop += 1) {
    const begin = lastComma(value, end);
    const address = addressOf(wordOf(value.slice(begin + 1, end).trim()));
    yield address;
    if (address === null) return;
    end = begin;
  }
}

/** @returns where the last comma before `end` is that stands in no quotes; -1 where there is none */
function lastComma(value: string, end: number): number {
  let quoted = false;
  for (let at = end - 1; at >= 0; at -= 1) {
    const letter = value[at];
    if (letter === '"') quoted = !quoted;
    else if (letter === ',' && !quoted) return at;
  }
  return -1;
}

/** The `for` of an element such as `for="[2001:db8::1]:4711";proto=https` (RFC 7239, section 4). */
function forOf(element: string): string {
  const words = element
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => /^for=/i.test(pair))
    .map((pair) => pair.slice('for='.length));
  const [word = ''] = words;
  if (words.length !== 1) return '';
  const quoted = word.length >= 2 && word.startsWith('"') && word.endsWith('"');
  return quoted ? word.slice(1, -1) : word;
}

/** An address, with or without a port: `192.0.2.7:4711`, `[2001:db8::1]:4711` (RFC 7239, section 6). */
function addressOf(word: string): string | null {
  const bracketed = /^\[([^\]]{2,64})\](?::[\w.-]{1,20})?$/.exec(word)?.[1];
  const bare = bracketed ?? word.replace(/^(\d[\d.]{6,14}):\d{1,5}$/, '$1');
  const address = normalAddress(bare);
  if (bracketed !== undefined && isIP(bare.split('%')[0] as string) !== 6) return null;
  return isIP(address) === 0 ? null : address;
}
