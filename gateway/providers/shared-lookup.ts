import dns, { type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

type Answer = (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void;

/** Who waits for which question. */
const waiting = new Map<string, Answer[]>();

/**
 * Looks up a host name, and asks the system once where many want to know the same. The system answers two questions
 * at a time for the whole process (libuv's threads for slow work): a name whose servers do not answer, asked for
 * again with every request, would keep all other names waiting for minutes.
 */
export const sharedLookup: LookupFunction = (hostname, options, callback) => {
  const question = { ...options, all: true as const };
  const name = JSON.stringify([hostname, options.family, options.hints, options.order, options.verbatim]);
  const answer: Answer = (error, found) => {
    const [first] = found;
    if (error !== null || first === undefined) callback(error, []);
    else if (options.all) callback(null, found);
    else callback(null, first.address, first.family);
  };
  const others = waiting.get(name);
  if (others !== undefined) {
    others.push(answer);
    return;
  }
  const all = [answer];
  waiting.set(name, all);
  dns.lookup(hostname, question, (error, found) => {
    waiting.delete(name);
    for (const one of all) one(error, found ?? []);
  });
};
