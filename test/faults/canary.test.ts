import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../gateway/store/store.ts';
import { startGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { type GatewayProcess, launchGateway } from './gateway-process.ts';
import { type Answer, dataFolder, type SendOptions, send, storedRows } from './support.ts';

/** Texts that stand nowhere else: whoever finds one has found a leak. */
const CREDENTIAL = 'sk-canary-credential-8d2f61c0';
const PROMPT = 'canaryprompt5b1e9a77';
const SYSTEM = 'canarysystem0c44d1fe';
const ANSWER = 'canaryanswer93ab27e5';
const ARGUMENT = 'canaryargument71f0c8d3';
const IMAGE_BYTES = 'canaryimage4e8862bd, long enough to be told from chance';
const OTHERS_PROMPT = 'canaryothers2a6f90b4';
const IMAGE = `data:image/png;base64,${Buffer.from(IMAGE_BYTES).toString('base64')}`;
const CANARIES = [CREDENTIAL, PROMPT, SYSTEM, ANSWER, ARGUMENT, IMAGE_BYTES, OTHERS_PROMPT];

const FUNCTION = { name: 'note', description: PROMPT, parameters: { type: 'object', properties: {} } };

function chat(prompt: string, rest: object = {}) {
  const user = [
    { type: 'text', text: prompt },
    { type: 'image_url', image_url: { url: IMAGE } },
  ];
  return {
    model: 'gpt-4o',
    max_tokens: 99,
    messages: [
      { role: 'system', content: SYSTEM },
      { role: 'user', content: user },
    ],
    tools: [{ type: 'function', function: FUNCTION }],
    metadata: { [PROMPT]: PROMPT },
    user: PROMPT,
    ...rest,
  };
}

const responses = (prompt: string, rest: object = {}) => ({
  model: 'gpt-4o',
  instructions: SYSTEM,
  input: [
    {
      role: 'user',
      content: [
        { type: 'input_text', text: prompt },
        { type: 'input_image', image_url: IMAGE, detail: 'auto' },
      ],
    },
  ],
  tools: [{ type: 'function', strict: false, ...FUNCTION }],
  ...rest,
});

const messages = (prompt: string, rest: object = {}) => ({
  model: 'claude',
  max_tokens: 99,
  system: SYSTEM,
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: prompt },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: IMAGE.split(',')[1] } },
      ],
    },
  ],
  tools: [{ name: 'note', description: PROMPT, input_schema: { type: 'object' } }],
  metadata: { user_id: PROMPT },
  ...rest,
});

const ENDPOINTS: readonly {
  path: string;
  body: (prompt: string, rest?: object) => object;
  streams: boolean;
}[] = [
  { path: '/v1/chat/completions', body: chat, streams: true },
  { path: '/chat', body: chat, streams: true },
  { path: '/claudecode/v1/messages', body: messages, streams: true },
  { path: '/v1/messages', body: messages, streams: true },
  { path: '/v1/responses', body: responses, streams: true },
  // To providers of another protocol.
  {
    path: '/v1/messages',
    body: (prompt, rest) => messages(prompt, { model: 'gpt-4o', ...rest }),
    streams: true,
  },
  {
    path: '/v1/responses',
    body: (prompt, rest) => responses(prompt, { model: 'claude', ...rest }),
    streams: true,
  },
  {
    path: '/v1/chat/completions',
    body: (prompt, rest) => chat(prompt, { model: 'claude', ...rest }),
    streams: true,
  },
  {
    path: '/v1/messages/count_tokens',
    body: (prompt) => without(messages(prompt), 'max_tokens'),
    streams: false,
  },
  {
    path: '/v1/embeddings',
    body: (prompt) => ({ model: 'text-embedding-3-small', input: prompt }),
    streams: false,
  },
  {
    path: '/v1/completions',
    body: (prompt, rest) => ({ model: 'gpt-3.5-turbo-instruct', prompt, suffix: SYSTEM, ...rest }),
    streams: true,
  },
];

function without(object: Record<string, unknown>, field: string): object {
  const { [field]: _, ...rest } = object;
  return rest;
}

const TELLING = reply.tools([{ name: 'note', input: { text: ARGUMENT } }], {
  text: `${ANSWER} and more`,
  thinking: ANSWER,
});

/** What a provider may do with what it was sent, worst of all say it back. */
const FAULTS = {
  'echoes the prompt in a 400': reply.status(400, { message: `Invalid: ${PROMPT} ${SYSTEM}` }),
  'echoes its credential in a 400': reply.status(400, { message: `Bad header: Bearer ${CREDENTIAL}` }),
  'echoes its credential in a 401': reply.status(401, {
    message: `Incorrect API key provided: ${CREDENTIAL}`,
  }),
  'fails with the prompt in a 500': reply.status(500, { message: `Cannot handle ${PROMPT}, ${CREDENTIAL}` }),
  'is at its limit': reply.status(429, { message: PROMPT, headers: { 'x-leak': CREDENTIAL } }),
  'sends a page': reply.html(503),
  'sends junk': reply.junk(),
  'resets the connection': reply.reset(),
  'breaks off': reply.reset(TELLING, { after: 3 }),
  'ends too early': reply.cut(TELLING),
  'sends an error event': reply.error(TELLING, {
    after: 3,
    message: `Overloaded by ${PROMPT}, ${CREDENTIAL}`,
  }),
  'redirects with everything in the address': reply.redirect(`http://127.0.0.1:1/?${PROMPT}&${CREDENTIAL}`),
};

test('what passes through is found nowhere afterwards', { timeout: 60_000 }, async () => {
  const dataDir = dataFolder();
  await using provider = await startProvider({ credential: CREDENTIAL, models: null, strict: false });
  const keys = await setUp(dataDir, provider);
  const gateway = await launchGateway().open({ dataDir, logLevel: 'debug' });
  const mine: Answer[] = [];
  const post = async (body: unknown, options?: SendOptions) => {
    const answer = await send(gateway.url, keys.mia, body, options);
    mine.push(answer);
    return answer;
  };

  provider.script(TELLING);
  for (const { path, body, streams } of ENDPOINTS) {
    expect((await post(body(PROMPT), { path })).status, path).toBe(200);
    if (streams) expect((await post(body(PROMPT, { stream: true }), { path })).status, path).toBe(200);
  }
  expect(mine.map(({ text }) => text).join()).toContain(ANSWER);
  expect((await post(chat(PROMPT, { model: 'ntl/echo' }))).text).toContain(PROMPT);
  await refusals(post);
  await aborted(gateway, keys.mia, provider);
  for (const [fault, script] of Object.entries(FAULTS)) {
    for (const stream of [false, true]) {
      provider.script(script);
      for (const { path, body } of ENDPOINTS.filter(({ streams }) => streams)) {
        const answer = await post(body(PROMPT, { stream }), { path });
        expect(answer.text + JSON.stringify([...answer.headers]), `${fault} on ${path}`).not.toContain(
          CREDENTIAL,
        );
      }
    }
  }
  const others = await anotherMember(gateway, keys.noa, provider);

  for (const { text } of mine) expect(text).not.toContain(OTHERS_PROMPT);
  for (const { text } of others) expect(text).not.toMatch(/canary(?!others)/);
  const canaries = [...CANARIES, ...Object.values(keys), ...encoded(CANARIES)];
  // First as a crash leaves it, then with a backup and after a clean end.
  await gateway.kill();
  expect(storedRows(dataDir).length).toBeGreaterThan(100);
  expect(leaksIn(dataDir, canaries)).toEqual([]);
  expect(leaksIn(dataDir, ['claude']), 'what is stored is found').not.toEqual([]);
  expect(leaksIn(dataDir, [gateway.adminToken])).toEqual([
    `${gateway.adminToken} in ${join(dataDir, 'runtime.json')}`,
  ]);
  const store = await openStore({ dataDir });
  expect(store.notices).toEqual([]);
  expect(leaksIn(await store.backupNow(), canaries)).toEqual([]);
  await store.close();
  const again = await launchGateway().open({ dataDir, logLevel: 'debug' });
  await again.stop();
  expect(leaksIn(dataDir, canaries)).toEqual([]);
  const printed = gateway.output() + again.output();
  expect(canaries.filter((canary) => printed.includes(canary))).toEqual([]);
});

async function setUp(dataDir: string, provider: Provider) {
  await using gateway = await startGateway({ dataDir, logLevel: 'debug' });
  const openai = ['gpt-4o', 'gpt-3.5-turbo-instruct', 'text-embedding-3-small'];
  await gateway.publish(provider, openai, { kind: 'openai', credential: CREDENTIAL });
  const changed = await gateway.publish(provider, ['claude'], {
    kind: 'anthropic-compatible',
    credential: 'sk-wrong',
  });
  await gateway.admin('PATCH', `/providers/${changed}`, { credential: CREDENTIAL });
  const mia = await gateway.member();
  const noa = await gateway.member({ name: 'Noa' });
  return { owner: gateway.key, mia: mia.key, noa: noa.key };
}

type Post = (body: unknown, options?: SendOptions) => Promise<Answer>;

/** Everything the gateway itself refuses, with something to leak in each. */
async function refusals(post: Post): Promise<void> {
  const refused = [
    await post(`{"model":"gpt-4o","messages":[{"role":"user","content":"${PROMPT}`),
    await post(chat(PROMPT, { model: 'nobody-has-this' })),
    await post(chat(PROMPT, { messages: [{ content: PROMPT }] })),
    await post(chat(PROMPT, { messages: PROMPT })),
    await post({ messages: [{ role: 'user', content: PROMPT }] }),
    await post(chat('x'.repeat(64 * 1024 * 1024) + PROMPT)),
    await post(chat(PROMPT), { headers: { authorization: `Bearer ${PROMPT}` } }),
    await post(chat(PROMPT), { headers: { 'content-encoding': 'gzip' } }),
    await post(chat(PROMPT), { headers: { 'content-encoding': PROMPT } }),
    await post(chat(PROMPT), { path: `/v1/${PROMPT}` }),
    await post(messages(PROMPT, { messages: [] }), {
      path: '/v1/messages',
      headers: { 'user-agent': PROMPT },
    }),
  ];
  expect(refused.map(({ status }) => status)).toEqual([
    400, 400, 400, 400, 400, 413, 401, 400, 400, 404, 400,
  ]);
}

async function aborted(gateway: GatewayProcess, key: string, provider: Provider): Promise<void> {
  for (const script of [reply.stall(), reply.stall(TELLING, { after: 4 })]) {
    provider.script(script);
    const before = provider.requests.length;
    const leave = new AbortController();
    const options = { signal: leave.signal };
    const leaving = send(gateway.url, key, chat(PROMPT, { stream: true }), options).catch(() => undefined);
    const request = await until('the call', () => provider.requests[before]);
    leave.abort();
    await leaving;
    expect(await request.aborted).toBe(true);
  }
}

/** Gets answers of every kind after all that. */
async function anotherMember(gateway: GatewayProcess, key: string, provider: Provider): Promise<Answer[]> {
  const answers: Answer[] = [];
  const body = { model: 'gpt-4o', messages: [{ role: 'user', content: OTHERS_PROMPT }] };
  for (const script of [reply.text('fine'), reply.status(500), reply.reset(), reply.status(400)]) {
    provider.script(script);
    answers.push(await send(gateway.url, key, body), await send(gateway.url, key, { ...body, stream: true }));
  }
  answers.push(await send(gateway.url, key, { ...body, model: 'unknown' }));
  return answers;
}

function encoded(texts: readonly string[]): string[] {
  return texts.flatMap((text) => [
    // Three ways a text can begin within base64; the ends depend on what stands beside.
    ...[0, 1, 2].map((shift) =>
      Buffer.from(`${'.'.repeat(shift)}${text}`)
        .toString('base64')
        .slice(4, -4),
    ),
    Buffer.from(text).toString('hex'),
  ]);
}

/** `canary in file` for every hit in a file, or in any file below a folder. */
function leaksIn(path: string, canaries: readonly string[]): string[] {
  return filesBelow(path).flatMap((file) => {
    const bytes = readFileSync(file);
    return canaries
      .filter((canary) => bytes.includes(canary) || bytes.includes(Buffer.from(canary, 'utf16le')))
      .map((canary) => `${canary} in ${file}`);
  });
}

function filesBelow(path: string): string[] {
  if (path.endsWith('.db')) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
