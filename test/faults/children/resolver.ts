/**
 * Loaded before the gateway: names below `.silent.test` are looked up by a resolver that never answers, those below
 * `.local.test` are this computer's, and `.test` has no others (RFC 6761 §6.2).
 */
import dns, { type LookupOptions } from 'node:dns';

type Answer = (error: NodeJS.ErrnoException | null, ...found: unknown[]) => void;

const { lookup } = dns;

dns.lookup = ((host: string, options: LookupOptions, answer: Answer) => {
  if (host.endsWith('.silent.test')) return;
  if (host.endsWith('.local.test')) lookup('127.0.0.1', options, answer as never);
  else if (host.endsWith('.test')) answer(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }));
  else lookup(host, options, answer as never);
}) as typeof dns.lookup;
