import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, type Gateway, type GatewayOptions } from '../../gateway/gateway.ts';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { DEFAULT_CREDENTIAL, type Provider } from './provider/provider.ts';

export interface JsonAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field by the tests
  body: any;
}

export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly dataDir: string;
  readonly url: string;
  /** Key of the owner's member, made at the first start. */
  readonly key: string;
  admin(method: string, path: string, body?: unknown): Promise<JsonAnswer>;
  /** Adds a scripted provider and publishes its models; returns the provider's id. */
  publish(
    provider: Pick<Provider, 'url' | 'port'>,
    models: readonly string[],
    options?: PublishOptions,
  ): Promise<string>;
  /** A member of its own with a key. */
  member(
    facts?: Record<string, unknown>,
    key?: Record<string, unknown>,
  ): Promise<{ id: string; key: string; keyId: string }>;
  post(path: string, body: unknown, options?: PostOptions): Promise<JsonAnswer>;
  /** Newest first. */
  // biome-ignore lint/suspicious/noExplicitAny: rows are looked into field by field by the tests
  rows(query?: string): Promise<any[]>;
  /** Stops it and opens the same data folder again; `work` has the folder to itself in between. */
  restart(work?: () => void): Promise<void>;
}

export interface PublishOptions {
  kind?: string;
  name?: string;
  credential?: string | null;
  baseUrl?: string;
  priority?: number;
  upstreamModel?: string;
  weight?: number;
}

export interface PostOptions {
  key?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** A real gateway on a port of its own and in a folder of its own, with the encrypted file as vault. */
export async function startGateway(options: Partial<GatewayOptions> = {}): Promise<TestGateway> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'ntl-test-')));
  const open = () => createGateway({ logLevel: 'warn', vault: 'file', drainMs: 2_000, ...options, dataDir });
  let gateway = await open();
  let url = await gateway.listen('127.0.0.1', 0);
  const key = gateway.firstKey ?? '';

  const call = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body: unknown,
    signal?: AbortSignal,
  ) => {
    const isText = typeof body === 'string' || Buffer.isBuffer(body);
    const response = await fetch(url + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isText ? (body as string) : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text) };
  };

  const self: TestGateway = {
    get gateway() {
      return gateway;
    },
    dataDir,
    get url() {
      return url;
    },
    key,
    admin(method, path, body) {
      const token = readRuntimeFile(dataDir)?.adminToken ?? '';
      return call(method, `/admin/api${path}`, { authorization: `Bearer ${token}` }, body);
    },
    async publish(provider, models, publishOptions = {}) {
      const {
        kind = 'openai-compatible',
        name,
        credential = DEFAULT_CREDENTIAL,
        baseUrl,
        priority = 0,
      } = publishOptions;
      const facts = {
        name: name ?? `provider ${provider.port}`,
        kind,
        baseUrl: baseUrl ?? provider.url,
        ...(credential === null ? {} : { credential }),
      };
      const added = await self.admin('POST', '/providers', facts);
      if (added.status >= 300) throw new Error(`adding the provider failed: ${JSON.stringify(added.body)}`);
      for (const id of models) await addTarget(self, id, { ...publishOptions, priority }, added.body.id);
      return added.body.id;
    },
    async member(facts = {}, keyFacts = {}) {
      const member = await self.admin('POST', '/members', { name: 'Mia', ...facts });
      const made = await self.admin('POST', '/keys', { memberId: member.body.id, name: 'test', ...keyFacts });
      if (made.status >= 300) throw new Error(`making the key failed: ${JSON.stringify(made.body)}`);
      return { id: member.body.id, key: made.body.key, keyId: made.body.id };
    },
    post(path, body, { key: asked = key, headers = {}, signal } = {}) {
      return call(
        'POST',
        path,
        { ...(asked === '' ? {} : { authorization: `Bearer ${asked}` }), ...headers },
        body,
        signal,
      );
    },
    async rows(query = '') {
      const answer = await self.admin('GET', `/requests?pageSize=1000${query}`);
      return answer.body.data;
    },
    async restart(work) {
      await gateway.stop();
      work?.();
      gateway = await open();
      url = await gateway.listen('127.0.0.1', 0);
    },
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
  return self;
}

/** Publishes a model, or gives a published one another target. */
async function addTarget(
  gateway: TestGateway,
  id: string,
  options: PublishOptions,
  providerId: string,
): Promise<void> {
  const { upstreamModel = id, priority = 0, weight = 1 } = options;
  const target = { providerId, upstreamModel, priority, weight };
  const made = await gateway.admin('POST', '/models', { id, targets: [target] });
  if (made.status < 300) return;
  const known = await gateway.admin('GET', '/models?pageSize=1000');
  const model = known.body.data.find((candidate: { id: string }) => candidate.id === id);
  const changed = await gateway.admin('PATCH', `/models/${encodeURIComponent(id)}`, {
    targets: [...model.targets, target],
  });
  if (changed.status >= 300) throw new Error(`publishing ${id} failed: ${JSON.stringify(changed.body)}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
