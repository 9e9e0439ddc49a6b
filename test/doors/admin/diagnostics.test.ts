import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRuntimeFile } from '../../../gateway/runtime-file.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { startProvider } from '../../support/provider/provider.ts';
import { reply } from '../../support/provider/reply.ts';
import { until } from '../../support/until.ts';

/** Texts that stand nowhere else: whoever finds one has found a leak. */
const CANARY = {
  credential: 'sk-canary-credential-3f1d',
  prompt: 'canaryprompt77',
  answer: 'canaryanswer81',
  member: 'Canarina Vogel',
  email: 'canarina@vogel.example',
  keyName: 'canarykeyname',
  plan: 'Canaryplan',
  model: 'canarymodel-x1',
  provider: 'Canaryprovider',
  range: '203.0.113.77',
  reason: 'canaryreason',
  header: 'canaryheadervalue',
  path: '/v1/canarypath',
};

const TIMEOUT = 10_000;

/** A gateway that has met every canary, and has logged errors. */
async function planted(): Promise<TestGateway & { secrets: string[] }> {
  const gateway = await startGateway({ logLevel: 'debug' });
  onTestFinished(() => gateway[Symbol.asyncDispose]());
  const provider = await startProvider({ credential: CANARY.credential, models: [CANARY.model] });
  onTestFinished(() => provider.close());
  await gateway.publish(provider, [CANARY.model], { name: CANARY.provider, credential: CANARY.credential });
  await gateway.admin('PATCH', '/providers/1', { headers: { 'x-canary': CANARY.header } });
  await gateway.admin('POST', '/plans', { id: 'canary-plan', name: CANARY.plan });
  const { id, key } = await gateway.member(
    { name: CANARY.member, email: CANARY.email, allowedIps: ['127.0.0.0/8', CANARY.range] },
    { name: CANARY.keyName },
  );
  await gateway.admin('POST', '/ip-blocks', { cidr: CANARY.range, reason: CANARY.reason });
  provider.script(
    reply.text(CANARY.answer),
    reply.status(500, { message: `${CANARY.prompt} ${CANARY.credential}` }),
    reply.status(400, { message: CANARY.prompt }),
  );
  for (let count = 0; count < 4; count++) {
    await gateway.post(
      '/v1/chat/completions',
      { model: CANARY.model, messages: [{ role: 'user', content: CANARY.prompt }] },
      { key, headers: { 'user-agent': 'canaryagent/1' } },
    );
  }
  await gateway.post('/v1/chat/completions', { model: CANARY.prompt, messages: [] }, { key });
  await fetch(`${gateway.url}${CANARY.path}`);
  await gateway.admin('PATCH', `/members/${id}`, { name: CANARY.member });

  // What should never be logged, in all the ways in which it could be.
  const { log } = gateway.gateway.app;
  const everything = Object.values(CANARY).join(' ');
  log.error({ err: Object.assign(new Error(everything), { code: CANARY.credential }) }, 'a failure');
  log.error({ kind: 'restored' }, `${gateway.dataDir}/x ${everything}`);
  log.warn({ reason: everything, other: everything, member: CANARY.member }, 'a warning');
  log.error(`${CANARY.member} ${CANARY.email} ${CANARY.range} ${gateway.url} ${key} ${gateway.dataDir}`);
  log.error(`by ${CANARY.provider} for ${CANARY.model} with ${CANARY.credential}: the last line`);
  await until('the last line', async () =>
    (await gateway.admin('GET', '/logs?limit=5')).body.data.some(({ message }: { message: string }) =>
      message.includes('the last line'),
    ),
  );
  const secrets = [
    ...Object.values(CANARY),
    ...[key, gateway.key, readRuntimeFile(gateway.dataDir)?.adminToken ?? ''],
    ...[gateway.dataDir, '127.0.0.1', new URL(gateway.url).host, `127.0.0.1:${provider.port}`, 'canaryagent'],
  ];
  return Object.assign(gateway, { secrets });
}

describe('the diagnostics', () => {
  it(
    'hold nothing of anybody, whatever the gateway has met and logged',
    async () => {
      const gateway = await planted();
      const authorization = `Bearer ${readRuntimeFile(gateway.dataDir)?.adminToken}`;
      const answer = await fetch(`${gateway.url}/admin/api/diagnostics`, { headers: { authorization } });
      const text = await answer.text();
      for (const secret of gateway.secrets) expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
      expect(text.toLowerCase()).not.toContain('canary');
      expect(text).not.toContain(`"${hostname()}"`);
      expect(text).not.toMatch(/\d+\.\d+\.\d+\.\d+/);
      // The proof is worth nothing if the lines are not there at all.
      expect(text).toContain('the last line');
      expect(text).toContain('a failure');
    },
    TIMEOUT * 2,
  );

  it('tell what helps', async () => {
    const gateway = await planted();
    const answer = await gateway.admin('GET', '/diagnostics');
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="notokenlimit-diagnostics-\d{4}-\d\d-\d\d\.json"$/,
    );
    expect(answer.body).toMatchObject({
      program: { node: process.versions.node, desktop: false, paused: false },
      computer: { platform: process.platform, arch: process.arch },
      listening: { portFrom: 'flag', thisComputerOnly: true },
      vault: 'file-key',
      settings: { retentionDays: 365, metrics: false, defaultModel: false, port: false },
      database: { schema: expect.any(Number), requestRows: 5 },
      counts: { members: 2, keys: 2 },
      providers: [{ kind: 'openai-compatible', credential: true, headers: 1, models: 1 }],
      latestRequests: expect.arrayContaining([
        { status: 200, code: null, requests: expect.any(Number) },
        { status: 502, code: 'upstream_error', requests: expect.any(Number) },
      ]),
    });
    const failure = answer.body.log.find(({ message }: { message: string }) => message === 'a failure');
    expect(failure).toMatchObject({ level: 'error', error: { type: 'Error', code: null } });
    expect(failure.error.stack[0]).toMatch(/^at .*<program>\/test\/doors\/admin\/diagnostics\.test\.ts/);
  });
});

describe('the logs', () => {
  it('are the latest lines, newest first, from a level on', async () => {
    await using gateway = await startGateway({ logLevel: 'debug' });
    const { log } = gateway.gateway.app;
    log.debug('first');
    log.warn({ kind: 'x' }, 'second');
    log.error('third');
    const messages = async (query: string) =>
      (await gateway.admin('GET', `/logs${query}`)).body.data.map(
        ({ message }: { message: string }) => message,
      );
    await until('the third', async () => (await messages('')).includes('third'));
    expect(await messages('?limit=3')).toEqual(['third', 'second', 'first']);
    expect(await messages('?level=warn')).toEqual(['third', 'second']);
    const { body } = await gateway.admin('GET', '/logs?level=warn&limit=2');
    expect(body.data[1]).toEqual({
      ...{ at: expect.any(String), level: 'warn', message: 'second', fields: { kind: 'x' } },
    });
    expect(body.file).toBe(join(gateway.dataDir, 'logs', 'ntl.1.log'));
    expect((await messages('')).at(-1)).toBe('the gateway starts');
  });

  it.each(['?level=loud', '?limit=0', '?limit=2000', '?file=x'])('are refused for %s', async (query) => {
    await using gateway = await startGateway();
    expect((await gateway.admin('GET', `/logs${query}`)).status).toBe(400);
  });
});
