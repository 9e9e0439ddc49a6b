/**
 * Does to a gateway what an open panel does: listens to its events, and after requests reads again what the home
 * page shows, at most every five seconds. Argument: the data folder. Prints a line when it listens.
 */
import { readRuntimeFile } from '../../gateway/runtime-file.ts';

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
const ask = (path: string) =>
  fetch(`${runtime.url}/admin/api${path}`, { headers: { authorization: `Bearer ${runtime.adminToken}` } });

const events = await ask('/events');
if (!events.ok || events.body === null) throw new Error(`/events answered ${events.status}.`);
console.log(JSON.stringify({ port: 0 }));

let refreshedAt = 0;
for await (const chunk of events.body) {
  if (chunk.length === 0 || Date.now() - refreshedAt < REFRESH_MS) continue;
  refreshedAt = Date.now();
  for (const path of ROUTES) {
    const answer = await ask(path);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}.`);
    await answer.arrayBuffer();
  }
}
