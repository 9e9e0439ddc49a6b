/**
 * Does to a gateway what an open panel does: listens to its events, and after requests reads again what the home
 * page shows, at most every five seconds. Argument: the data folder. `open` and `close` on standard input turn it on
 * and off; it answers each with a line once it is so.
 */
import { createInterface } from 'node:readline';
import { readRuntimeFile } from '../../../gateway/runtime-file.ts';

const REFRESH_MS = 5_000;
const ROUTES = [
  '/overview?timeZoneOffsetMinutes=60',
  '/requests?pageSize=20',
  '/usage?step=hour&groupBy=model',
  '/usage/providers',
  '/status',
];

const runtime = readRuntimeFile(process.argv[2] ?? '');
if (runtime === null) throw new Error('No gateway runs on that folder.');

async function ask(path: string, signal: AbortSignal): Promise<Response> {
  const headers = { authorization: `Bearer ${runtime?.adminToken}` };
  const answer = await fetch(`${runtime?.url}/admin/api${path}`, { headers, signal });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}.`);
  return answer;
}

let refreshedAt = 0;

async function watch(signal: AbortSignal): Promise<void> {
  const { body } = await ask('/events', signal);
  tell('open');
  for await (const _ of body ?? []) {
    if (Date.now() - refreshedAt < REFRESH_MS) continue;
    refreshedAt = Date.now();
    for (const path of ROUTES) await (await ask(path, signal)).arrayBuffer();
  }
}

function tell(state: string): void {
  console.log(state);
}

let watching = new AbortController();
tell('ready');
for await (const word of createInterface(process.stdin)) {
  watching.abort();
  if (word === 'close') {
    tell('closed');
    continue;
  }
  watching = new AbortController();
  const { signal } = watching;
  watch(signal).catch((error) => {
    if (!signal.aborted) throw error;
  });
}
