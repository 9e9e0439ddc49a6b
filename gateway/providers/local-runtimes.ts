import { Agent, request } from 'undici';
import { isObject, type JsonObject } from '../protocols/json.ts';
import { PROVIDERS } from './catalogue.ts';
import type { ProviderKind } from './provider-kinds.ts';

/** Servers of local models that have a usual port. */
export const LOCAL_KINDS = ['ollama', 'lmstudio', 'llamacpp', 'vllm'] as const satisfies ProviderKind[];
export type LocalKind = (typeof LOCAL_KINDS)[number];

/** Where each is looked for; what is left out stands at its usual port. */
export type LocalPorts = Partial<Record<LocalKind, number>>;

export interface LocalRuntime {
  kind: LocalKind;
  baseUrl: string;
  /** How many models it has; null where it does not run. */
  models: number | null;
}

/** On this computer an answer takes milliseconds; a busy one may need longer, and nobody waits for more. */
const LOOK_MS = 1_000;
const LARGEST_ANSWER = 4 * 1024 * 1024;

interface Told {
  server: string;
  json: JsonObject;
}

type Ask = (path: string) => Promise<Told | null>;

/**
 * How each shows that it is what it seems: any program may listen on such a port.
 * @returns how many models it has; null for another program
 */
const PROOFS: Readonly<Record<LocalKind, (ask: Ask) => Promise<number | null>>> = {
  // https://docs.ollama.com/api. Others imitate the list of models alone, such as llama.cpp.
  async ollama(ask) {
    const version = await ask('/api/version');
    if (typeof version?.json.version !== 'string') return null;
    const models = (await ask('/api/tags'))?.json.models;
    return models === null ? 0 : Array.isArray(models) ? models.length : null;
  },

  // https://lmstudio.ai/docs/developer/rest; it answers 200 to what it does not know. v0 is the older of the two,
  // and an empty list of v1 proves nothing: that path is nobody's own.
  async lmstudio(ask) {
    const v1 = entriesOf((await ask('/api/v1/models'))?.json.models) ?? [];
    if (v1.length > 0 && v1.every((entry) => hasTexts(entry, 'key', 'type'))) return v1.length;
    const listing = (await ask('/api/v0/models'))?.json;
    const v0 = listing?.object === 'list' ? entriesOf(listing.data) : null;
    return v0?.every((entry) => hasTexts(entry, 'id', 'type')) ? v0.length : null;
  },

  // tools/server of ggml-org/llama.cpp: it names itself in a header, and owns its models. 503 while it loads one.
  async llamacpp(ask) {
    const listing = await ask('/v1/models');
    if (listing === null) return null;
    const models = entriesOf(listing.json.data) ?? [];
    return listing.server === 'llama.cpp' || isOwner('llamacpp', models) ? models.length : null;
  },

  // ModelCard in vllm/entrypoints/openai.
  async vllm(ask) {
    const models = entriesOf((await ask('/v1/models'))?.json.data) ?? [];
    return isOwner('vllm', models) ? models.length : null;
  },
};

/**
 * Looks on loopback which local runtimes answer. No other address is ever asked.
 * @param ownPorts where the gateway itself listens: it would take a look for a request without a key
 */
export function findLocalRuntimes(
  ports: LocalPorts,
  ownPorts: readonly string[],
  signal: AbortSignal,
): Promise<LocalRuntime[]> {
  return Promise.all(
    LOCAL_KINDS.map(async (kind) => {
      const url = new URL(PROVIDERS[kind].baseUrl ?? '');
      if (ports[kind] !== undefined) url.port = String(ports[kind]);
      const isOwn = ownPorts.includes(url.port);
      return { kind, baseUrl: url.origin, models: isOwn ? null : await look(kind, url.origin, signal) };
    }),
  );
}

async function look(kind: LocalKind, origin: string, signal: AbortSignal): Promise<number | null> {
  const dispatcher = new Agent({ connect: { timeout: LOOK_MS }, maxResponseSize: LARGEST_ANSWER });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
  const ask: Ask = async (path) => {
    try {
      const answer = await request(origin + path, {
        ...{ dispatcher, signal: limit },
        headers: { accept: 'application/json' },
      });
      const json: unknown = JSON.parse(await answer.body.text());
      const server = String(answer.headers.server ?? '');
      return isObject(json) ? { server, json } : null;
    } catch {
      // Nobody there, too slow, or no JSON: not what is looked for, whatever it is.
      return null;
    }
  };
  try {
    return await PROOFS[kind](ask);
  } finally {
    await dispatcher.destroy();
  }
}

/** @returns null where it is no list of objects */
function entriesOf(list: unknown): JsonObject[] | null {
  return Array.isArray(list) && list.every(isObject) ? list : null;
}

function hasTexts(entry: JsonObject, ...names: string[]): boolean {
  return names.every((name) => typeof entry[name] === 'string');
}

function isOwner(name: string, models: readonly JsonObject[]): boolean {
  return models.length > 0 && models.every(({ owned_by }) => owned_by === name);
}
