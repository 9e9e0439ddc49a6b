import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { expect } from 'vitest';
import type { GatewayOptions } from '../../gateway/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { type GatewayProcess, launchGateway } from './gateway-process.ts';
import { type Known, soundness } from './sound.ts';
import { codeOf, MESSAGES } from './support.ts';

/** One way of asking; `translated` ones reach the provider in another protocol. */
export interface Call {
  name: string;
  path: string;
  stream: boolean;
  /** What a stream ends with when all of it has come. */
  end: RegExp;
  /** A balance pays for it. */
  prepaid: boolean;
}

const CHAT = { path: '/v1/chat/completions', end: /data: \[DONE\]\s*$/, prepaid: false };
const TRANSLATED = { path: '/v1/messages', end: /event: message_stop\s/, prepaid: true };

export const CALLS: readonly Call[] = [
  { ...CHAT, name: 'JSON', stream: false },
  { ...CHAT, name: 'a stream', stream: true },
  { ...TRANSLATED, name: 'translated JSON', stream: false },
  { ...TRANSLATED, name: 'a translated stream', stream: true },
];

export interface Heard {
  status: number;
  requestId: string;
  text: string;
  headers: Record<string, string | string[] | undefined>;
}

/** A gateway as a process of its own that faults are tried on, a sound provider, and members with every kind of limit. */
export interface Subject extends AsyncDisposable {
  readonly gateway: GatewayProcess;
  readonly dataDir: string;
  readonly good: Provider;
  /** Adds a provider that may be anything, and its one model. */
  publish(provider: { url: string }, model: string, facts?: Record<string, unknown>): Promise<void>;
  /** Asks as every client may, over a connection of its own, and reads the whole answer. */
  ask(model: string, call: Call, rest?: object): Promise<Heard>;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field
  admin(method: string, path: string, body?: unknown): Promise<any>;
  keyFor(call: Pick<Call, 'prepaid'>): string;
  /**
   * Everything that must hold whatever went before: see `sound.ts`.
   * @param others open connections of the gateway that are rightly there
   */
  expectSound(after: string, others?: () => number): Promise<void>;
}

export const GOOD = 'good';
const GRANT = 10_000_000;

/** @param env of the gateway's process */
export async function startSubject(
  options: Partial<GatewayOptions> = {},
  env: Record<string, string> = {},
): Promise<Subject> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'ntl-fault-'));
  const good = await startProvider({ models: null });
  const launched = launchGateway({ keep: true, preload: ['resolver.ts', 'clock-shift.ts'], env });
  const gateway = await launched.open({ logLevel: 'warn', ...options, dataDir });
  const agent = new Agent();
  const heard: Heard[] = [];
  const members: string[] = [];
  const keys: string[] = [];

  async function admin(method: string, path: string, body?: unknown) {
    const answer = await request(`${gateway.url}/admin/api${path}`, {
      dispatcher: agent,
      reset: true,
      method: method as 'GET',
      headers: { authorization: `Bearer ${gateway.adminToken}`, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  async function addMember(facts: object): Promise<void> {
    const { id } = await admin('POST', '/members', { name: 'Mia', planId: 'enterprise', ...facts });
    const { key } = await admin('POST', '/keys', { memberId: id, name: 'faults' });
    for (const metric of ['requests', 'tokens']) {
      for (const windowSeconds of [86_400, 2_592_000]) {
        const limit = { scope: 'member', subjectId: id, metric, windowSeconds, amount: 1_000_000_000 };
        await admin('PUT', '/limits', limit);
      }
    }
    members.push(id);
    keys.push(key);
  }

  async function ask(model: string, call: Call, rest: object = {}): Promise<Heard> {
    const answer = await request(gateway.url + call.path, {
      dispatcher: agent,
      reset: true,
      method: 'POST',
      headers: { authorization: `Bearer ${self.keyFor(call)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, max_tokens: 50, stream: call.stream, messages: MESSAGES, ...rest }),
      headersTimeout: 60_000,
      bodyTimeout: 60_000,
    });
    const text = await answer.body.text();
    const requestId = String(answer.headers['x-request-id']);
    const one = { status: answer.statusCode, requestId, text, headers: answer.headers };
    heard.push(one);
    return one;
  }

  const self: Subject = {
    ...{ gateway, dataDir, good, admin, ask },
    keyFor: ({ prepaid }) => keys[prepaid ? 1 : 0] as string,
    async publish({ url }, model, facts = {}) {
      const provider = {
        name: model,
        kind: 'openai-compatible',
        baseUrl: `${url}/v1`,
        credential: 'sk-provider',
      };
      const { id } = await admin('POST', '/providers', { ...provider, ...facts });
      await admin('POST', '/models', { id: model, targets: [{ providerId: id, upstreamModel: model }] });
    },
    expectSound: (after, others = () => 0) => sound.expect(after, others),
    async [Symbol.asyncDispose]() {
      await gateway.kill();
      await good.close();
      await agent.destroy();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };

  await addMember({});
  await addMember({ prepaid: true });
  await admin('POST', `/members/${members[1]}/grants`, { tokens: GRANT });
  await self.publish(good, GOOD);
  const known: Known = { subject: self, heard, members };
  const sound = await soundness(known);
  return self;
}

/** An answer as CONTRACT.md promises it when a provider has failed. */
export function expectFailed(answer: Heard, call: Call, what: string): void {
  const shown = `${what}, ${call.name}: ${answer.status} ${answer.text.slice(0, 500)}`;
  expect(codeOf(answer.text), shown).toBe('upstream_error');
  // In a stream that has begun, the error is an event and takes the place of the end.
  if (answer.status === 200) {
    expect(call.stream, shown).toBe(true);
    expect(answer.text, shown).not.toMatch(call.end);
  } else {
    expect(answer.status, shown).toBe(502);
  }
  expect(answer.text, shown).not.toMatch(/127\.0\.0\.1|localhost|sk-provider|ECONN|UND_ERR|SQLITE/);
}

export function expectServed(answer: Heard, call: Call, what: string): void {
  const shown = `${what}, ${call.name}: ${answer.status} ${answer.text.slice(0, 500)}`;
  expect(answer.status, shown).toBe(200);
  expect(codeOf(answer.text), shown).toBeUndefined();
  if (call.stream) expect(answer.text, shown).toMatch(call.end);
}
