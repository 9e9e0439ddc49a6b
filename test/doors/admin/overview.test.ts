import { expect, it } from 'vitest';
import { startGateway } from '../../support/gateway.ts';
import { startProvider } from '../../support/provider/provider.ts';
import { reply } from '../../support/provider/reply.ts';
import { openAdmin } from './admin-app.ts';

it('tells today by the hour, and how many providers answer', async () => {
  await using good = await startProvider();
  await using bad = await startProvider();
  await using gateway = await startGateway();
  await gateway.publish(good, ['gpt-4o']);
  await gateway.publish(bad, ['gpt-5-mini']);
  await gateway.admin('POST', '/providers', { name: 'Later', kind: 'ollama', enabled: false });
  bad.script(reply.status(401));
  const chat = (model: string, key = gateway.key) =>
    gateway.post('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'hi' }] }, { key });
  const before = Date.now();
  expect((await chat('gpt-4o')).status).toBe(200);
  expect((await chat('gpt-5-mini')).status).toBe(502);
  expect((await chat('nobody')).status).toBe(400);
  expect((await chat('gpt-4o', 'ntl_live_wrong')).status).toBe(401);

  // Noon is in the middle of the day, wherever that is: midnight must not come between the requests.
  const offset = Math.round((12 * 60 - ((before / 60_000) % 1_440)) / 15) * 15;
  const { status, body } = await gateway.admin('GET', `/overview?timeZoneOffsetMinutes=${offset}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ providers: 3, providersAnswering: 1 });
  expect(body.today).toMatchObject({ requests: 2, refused: 2, failed: 1, firstByteMs: expect.any(Number) });
  expect(body.today.tokens).toBeGreaterThan(0);
  expect(body.yesterday).toEqual({
    ...{ requests: 0, refused: 0, failed: 0, tokens: 0, costMicros: 0, firstByteMs: null },
  });
  expect(body.hours).toHaveLength(24);
  expect(Date.parse(body.hours[0].start) + offset * 60_000).toBe(
    Math.floor((before + offset * 60_000) / 86_400_000) * 86_400_000,
  );
  const told = body.hours.filter(({ requests }: { requests: number | null }) => requests !== null);
  expect(told.reduce((sum: number, { requests }: { requests: number }) => sum + requests, 0)).toBe(2);
  expect(told.length).toBeLessThan(24);
});

it.each(['timeZoneOffsetMinutes=9000', 'timeZone=1'])('refuses %s', async (query) => {
  const { call } = await openAdmin();
  expect((await call('GET', `/overview?${query}`)).status).toBe(400);
});
