import { createServer, type RequestListener } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGateway } from '../../../gateway/gateway.ts';
import type { LocalKind } from '../../../gateway/providers/local-runtimes.ts';
import { serve, serveRaw } from '../../providers/local-servers.ts';
import { tempDir } from '../../store/support.ts';
import { startGateway } from '../../support/gateway.ts';

/** A server that answers these paths with JSON, everything else with 404. */
function jsonServer(paths: Record<string, unknown>, headers: Record<string, string> = {}): RequestListener {
  return (request, response) => {
    const found = paths[request.url ?? ''];
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(found ?? { error: 'not found' }));
  };
}

const OLLAMA = {
  '/api/version': { version: '0.12.6' },
  '/api/tags': { models: [{ name: 'qwen3:8b' }, { name: 'gemma3:4b' }] },
};
const LM_STUDIO = {
  '/api/v0/models': {
    object: 'list',
    data: [{ id: 'qwen2-vl-7b-instruct', object: 'model', type: 'vlm', state: 'not-loaded' }],
  },
};
const LM_STUDIO_V1 = {
  '/api/v1/models': {
    models: [
      { type: 'llm', publisher: 'lmstudio-community', key: 'gemma-3' },
      { type: 'embedding', key: 'e' },
    ],
  },
};
const LLAMA_CPP = {
  '/v1/models': { object: 'list', data: [{ id: 'a.gguf', object: 'model', owned_by: 'llamacpp' }] },
};
const VLLM = {
  '/v1/models': {
    object: 'list',
    data: [
      { id: 'm', object: 'model', owned_by: 'vllm' },
      { id: 'lora', owned_by: 'vllm' },
    ],
  },
};
const OTHERS = {
  '/v1/models': { object: 'list', data: [{ id: 'gpt-4o', object: 'model', owned_by: 'openai' }] },
};

/** A port where nobody listens. */
async function silentPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Looks with these at the ports of the four; nobody is at those left out. */
async function look(ports: Partial<Record<LocalKind, number>>) {
  const silent = await silentPort();
  const localPorts = { ollama: silent, lmstudio: silent, llamacpp: silent, vllm: silent, ...ports };
  return startGateway({ localPorts });
}

describe('local runtimes', () => {
  it('are found by what they answer, with how many models they have', async () => {
    const [ollama, lmstudio, llamacpp, vllm] = await Promise.all(
      [OLLAMA, LM_STUDIO, LLAMA_CPP, VLLM].map((paths) => serve(jsonServer(paths))),
    );
    const ports = {
      ollama: ollama?.port,
      lmstudio: lmstudio?.port,
      llamacpp: llamacpp?.port,
      vllm: vllm?.port,
    };
    await using gateway = await look(ports as Record<LocalKind, number>);
    const { status, body } = await gateway.admin('GET', '/local-runtimes');
    expect(status).toBe(200);
    expect(body).toEqual({
      data: [
        { kind: 'ollama', label: 'Ollama', baseUrl: ollama?.origin, models: 2, providerId: null },
        { kind: 'lmstudio', label: 'LM Studio', baseUrl: lmstudio?.origin, models: 1, providerId: null },
        { kind: 'llamacpp', label: 'llama.cpp', baseUrl: llamacpp?.origin, models: 1, providerId: null },
        { kind: 'vllm', label: 'vLLM', baseUrl: vllm?.origin, models: 2, providerId: null },
      ],
      pagination: { page: 1, limit: 4, total: 4 },
      notFound: [],
    });
  });

  it.each<[string, LocalKind, RequestListener, number]>([
    ['LM Studio by its newer list', 'lmstudio', jsonServer(LM_STUDIO_V1), 2],
    ['Ollama without a model', 'ollama', jsonServer({ ...OLLAMA, '/api/tags': { models: null } }), 0],
    ['llama.cpp while it loads a model', 'llamacpp', jsonServer({}, { server: 'llama.cpp' }), 0],
  ])('know %s', async (_what, kind, listener, models) => {
    const server = await serve(listener);
    await using gateway = await look({ [kind]: server.port });
    const { body } = await gateway.admin('GET', '/local-runtimes');
    expect(body.data).toMatchObject([{ kind, models }]);
    expect(body.notFound).toHaveLength(3);
  });

  it.each<[string, LocalKind, RequestListener]>([
    ['llama.cpp at the port of Ollama', 'ollama', jsonServer({ ...LLAMA_CPP, '/api/tags': { models: [] } })],
    ['a web page', 'llamacpp', (_request, response) => response.end('<html>Welcome</html>')],
    ['a service that is like OpenAI', 'llamacpp', jsonServer(OTHERS)],
    ['a service that is like OpenAI', 'vllm', jsonServer(OTHERS)],
    ['no model at all', 'vllm', jsonServer({ '/v1/models': { object: 'list', data: [] } })],
    [
      '200 to whatever is asked',
      'lmstudio',
      (_request, response) => response.end('{"error":"Unexpected endpoint"}'),
    ],
    ['an empty list of something', 'lmstudio', jsonServer({ '/api/v1/models': { models: [] } })],
    [
      'a list of something else',
      'lmstudio',
      jsonServer({ '/api/v1/models': { models: [{ name: 'Golf' }] } }),
    ],
    [
      'a redirect',
      'vllm',
      (_request, response) => response.writeHead(302, { location: 'http://example.com/' }).end(),
    ],
    ['an answer without an end', 'ollama', (_request, response) => void response.write('{"version":')],
  ])('are not taken for %s (%s)', async (_what, kind, listener) => {
    const server = await serve(listener);
    await using gateway = await look({ [kind]: server.port });
    const { body } = await gateway.admin('GET', '/local-runtimes');
    expect(body.data).toEqual([]);
    expect(body.notFound.find((runtime: { kind: string }) => runtime.kind === kind)).toMatchObject({
      baseUrl: server.origin,
    });
  });

  it('are not waited for, where something listens and says nothing', async () => {
    const server = await serveRaw((socket) => void socket.resume());
    await using gateway = await look({ ollama: server.port, llamacpp: server.port });
    const begun = performance.now();
    const { body } = await gateway.admin('GET', '/local-runtimes');
    expect(body.data).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(20_000);
    await server.idle();
  });

  it('are told with the provider that stands for them, whatever it calls this computer', async () => {
    const server = await serve(jsonServer(OLLAMA));
    await using gateway = await look({ ollama: server.port });
    const add = (baseUrl: string) =>
      gateway.admin('POST', '/providers', { name: 'x', kind: 'ollama', baseUrl });
    await add(`http://192.0.2.1:${server.port}`);
    await add('http://127.0.0.1:9');
    const found = async () => (await gateway.admin('GET', '/local-runtimes')).body.data[0].providerId;
    expect(await found()).toBeNull();
    const { body: provider } = await add(`http://localhost:${server.port}/v1`);
    expect(await found()).toBe(provider.id);
  });

  it('are not looked for where the gateway itself listens: it would take a look for a refused request', async () => {
    const port = await silentPort();
    const localPorts = { ollama: port, lmstudio: port, llamacpp: port, vllm: port };
    const gateway = await createGateway({ dataDir: tempDir(), vault: 'file', logLevel: 'warn', localPorts });
    onTestFinished(() => gateway.stop());
    await gateway.listen('127.0.0.1', port);
    const get = async (path: string) =>
      (await gateway.app.inject({ url: `/admin/api${path}`, remoteAddress: 'in-process' })).json();
    expect((await get('/local-runtimes')).data).toEqual([]);
    expect((await get('/requests')).pagination.total).toBe(0);
  });

  it('are not the gateway itself, where it answers at Ollama’s port', async () => {
    const port = await silentPort();
    await using gateway = await look({ ollama: port });
    const { body } = await gateway.admin('PATCH', '/settings', { ollama: true, ollamaPort: port });
    expect(body.ollamaUrl).toBe(`http://127.0.0.1:${port}`);
    const tags = await fetch(`${body.ollamaUrl}/api/tags`, { headers: { connection: 'close' } });
    expect(tags.status).toBe(200);
    expect((await gateway.admin('GET', '/local-runtimes')).body.data).toEqual([]);
    // Nor is it an Ollama that other tools could be taken over from.
    const text = `OPENAI_BASE_URL=http://localhost:${port}/v1\n`;
    const looked = await gateway.admin('POST', '/imports/env-file/look', { text });
    expect(looked.body).toMatchObject({ findings: [], left: [{ why: 'It leads to this gateway itself.' }] });
  });
});
