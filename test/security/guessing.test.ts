/** Guessing keys, the admin token, sign-in links and sessions: how often it may be tried, and what an answer tells. */
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../gateway/gateway.ts';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { startGateway } from '../support/gateway.ts';

const source = (path: string) => readFileSync(join(import.meta.dirname, '../../gateway', path), 'utf8');

/** An address of this machine that is not loopback: from there, wrong keys block. */
const ownAddress = Object.values(networkInterfaces())
  .flat()
  .find((entry) => entry !== undefined && !entry.internal && entry.family === 'IPv4')?.address;

describe('a key', () => {
  it.skipIf(ownAddress === undefined)(
    'is tried twenty times from an address, then even the right one waits',
    async () => {
      await using home = await startGateway();
      await home.gateway.stop();
      const shared = await createGateway({ dataDir: home.dataDir, vault: 'file', logLevel: 'silent' });
      try {
        const { port } = new URL(await shared.listen('0.0.0.0', 0));
        const ask = async (key: string) => {
          const headers = { authorization: `Bearer ${key}` };
          const answer = await fetch(`http://${ownAddress}:${port}/v1/models`, { headers });
          return (await answer.json()).error?.code ?? answer.status;
        };
        expect(await ask(home.key)).toBe(200);
        const codes = [];
        for (let count = 0; count < 25; count += 1)
          codes.push(await ask(`ntl_live_${String(count).padStart(40, 'a')}`));
        expect(codes).toEqual([...Array(20).fill('invalid_key'), ...Array(5).fill('ip_blocked')]);
        expect(await ask(home.key)).toBe('ip_blocked');
      } finally {
        await shared.stop();
      }
    },
  );

  it('that is wrong gets the same answer however much of it is right', async () => {
    await using gateway = await startGateway();
    const wrong = [
      gateway.key.slice(0, -1),
      `${gateway.key}x`,
      `${gateway.key.slice(0, -1)}~`,
      'ntl_live_x',
      'x',
    ];
    const answers = [];
    for (const key of wrong)
      answers.push((await gateway.post('/v1/chat/completions', {}, { key })).body.error);
    expect(new Set(answers.map((error) => JSON.stringify(error))).size).toBe(1);
    expect(JSON.stringify(answers)).not.toContain(gateway.key.slice(9, 20));
  });
});

describe('the admin token and the panel’s sign-in', () => {
  it('take ten wrong ones a minute, all doors together, and still the right one', async () => {
    await using gateway = await startGateway();
    const signIn = (token: string) =>
      fetch(`${gateway.url}/panel/signin`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      });
    const api = (token: string) =>
      fetch(`${gateway.url}/admin/api/session`, { headers: { authorization: `Bearer ${token}` } });
    const link = (ticket: string) =>
      fetch(`${gateway.url}/panel/signin?ticket=${ticket}`, { redirect: 'manual' });
    const statuses = [];
    for (let count = 0; count < 4; count += 1)
      for (const door of [signIn, api, link]) statuses.push((await door(`wrong${count}`)).status);
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
    const { adminToken = '', panelUrl = '' } = readRuntimeFile(gateway.dataDir) ?? {};
    expect((await api(adminToken)).status).toBe(200);
    expect((await signIn(adminToken)).status).toBe(204);
    expect((await fetch(panelUrl, { redirect: 'manual' })).status).toBe(303);
  });
});

it('no secret is compared letter by letter: each is looked up or compared by its hash', () => {
  // The time of such a comparison is not measured here: on a busy machine that would tell of anything.
  expect(source('accounts/keys.ts')).toMatch(/this\.byHash\(hashOf\(plaintext\)\)/);
  expect(source('accounts/keys.ts')).toMatch(/this\.#byHash\.get\(hash\)/);
  expect(source('doors/admin/admin-token.ts')).toMatch(/timingSafeEqual\(hashOf\(token\), this\.#expected\)/);
  const sessions = source('doors/admin/sessions.ts');
  expect(sessions).toMatch(/this\.#sessions\.get\(hashOf\(sessionSecret\)\)/);
  expect(sessions).toMatch(/const hash = hashOf\(ticket\);\s+const until = this\.#tickets\.get\(hash\)/);
  for (const path of ['accounts/keys.ts', 'doors/admin/admin-token.ts', 'doors/admin/sessions.ts'])
    expect(source(path), path).not.toMatch(
      /\b(token|ticket|plaintext|sessionSecret|hash)\)? ===|=== (token|ticket|plaintext|sessionSecret|hash)\b/,
    );
});
