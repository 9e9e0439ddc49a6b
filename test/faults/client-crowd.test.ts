import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { connectRaw, postText } from './raw-client.ts';
import { sized } from './size.ts';
import { CALLS, expectServed, GOOD, type Subject, startSubject } from './subject.ts';
import { releaseAll, times } from './support.ts';

/** More large bodies at once than the process has memory for: here it has little. */

const HEAP_MB = 300;
/** What a quarter of that, and of the young generation beside it, has room for. */
const AT_ONCE = 4;
const BODY = 'A'.repeat(30_000_000);
const CLIENTS = sized(8, 24);

let subject: Subject;
beforeAll(async () => {
  subject = await startSubject({}, { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` });
});
afterAll(() => subject[Symbol.asyncDispose]());

const messages = [{ role: 'user', content: BODY }];

it('large bodies wait for room; all are served, small ones at once, and who leaves meanwhile leaves nothing', async () => {
  const isLarge = ({ body }: { body: Buffer }) => body.length > 1_000_000;
  subject.good.script((request) =>
    isLarge(request) ? reply.gated(reply.text('read it')) : reply.text('ok'),
  );
  const chat = CALLS.filter(({ prepaid }) => !prepaid);
  const asked = times(CLIENTS, (index) => chat[index % chat.length] as (typeof CALLS)[number]);
  let answered = 0;
  const answers = asked.map(async (call) => {
    const answer = await subject.ask(GOOD, call, { messages });
    answered++;
    return answer;
  });
  await until('the first to be read', () => subject.good.requests.some(isLarge), 60_000);
  const leaving = await Promise.all(times(3, () => connectRaw(subject.gateway.url)));
  for (const client of leaving) {
    const { head, body } = postText('/v1/chat/completions', subject.keyFor({ prepaid: false }), {
      model: GOOD,
      messages,
    });
    if (!client.socket.write(head + body)) await once(client.socket, 'drain');
    client.breakOff();
  }
  // By the time that so many others are served, all of them would have been parsed.
  for (let round = 0; round < 10; round++)
    for (const call of CALLS) expectServed(await subject.ask(GOOD, call), call, 'beside large bodies');
  expect(subject.good.requests.filter(isLarge).length).toBeLessThanOrEqual(AT_ONCE);
  await until(
    'all to be served',
    () => {
      releaseAll(subject.good);
      return answered === CLIENTS;
    },
    60_000,
  );
  for (const [index, answer] of (await Promise.all(answers)).entries())
    expectServed(answer, asked[index] as (typeof CALLS)[number], 'a large body');
  subject.good.script(reply.text('ok'));
  await subject.expectSound('a crowd of large bodies');
}, 120_000);
