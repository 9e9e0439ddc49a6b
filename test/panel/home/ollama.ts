import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Ollama extends AsyncDisposable {
  port: number;
}

/** What Ollama answers to those who look for it (https://docs.ollama.com/api). */
export async function startOllama(models: readonly string[]): Promise<Ollama> {
  const answers: Record<string, unknown> = {
    '/api/version': { version: '0.12.6' },
    '/api/tags': { models: models.map((name) => ({ name, model: name })) },
    '/v1/models': {
      object: 'list',
      data: models.map((id) => ({ id, object: 'model', owned_by: 'library' })),
    },
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { error: 'not found' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
