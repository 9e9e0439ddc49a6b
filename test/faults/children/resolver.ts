/**
 * Loaded before the gateway: a resolver that answers two questions at a time, as libuv lets the system's
 * (https://docs.libuv.org/en/v1.x/threadpool.html). Of names below `.silent.test` it says after a long while that
 * nobody answers, those below `.local.test` are this computer's, and `.test` has no others (RFC 6761 §6.2).
 */
import dns, { type LookupOptions } from 'node:dns';

type Answer = (error: NodeJS.ErrnoException | null, ...found: unknown[]) => void;

/** Longer than a gateway waits for a connection here. */
const SILENT_MS = 4_000;
const AT_ONCE = 2;

const { lookup } = dns;
const queue: ((done: () => void) => void)[] = [];
let asking = 0;

function next(): void {
  if (asking >= AT_ONCE) return;
  const ask = queue.shift();
  if (ask === undefined) return;
  asking++;
  ask(() => {
    asking--;
    next();
  });
}

function failed(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

dns.lookup = ((host: string, options: LookupOptions, answer: Answer) => {
  queue.push((done) => {
    const told: Answer = (...found) => {
      done();
      answer(...found);
    };
    if (host.endsWith('.silent.test')) setTimeout(told, SILENT_MS, failed('EAI_AGAIN'));
    else if (host.endsWith('.local.test')) lookup('127.0.0.1', options, told as never);
    else if (host.endsWith('.test')) setImmediate(told, failed('ENOTFOUND'));
    else lookup(host, options, told as never);
  });
  next();
}) as typeof dns.lookup;
