import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGateway } from '../../gateway/gateway.ts';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const UUID = /^[0-9a-f-]{36}$/;

/** Sends bytes as they are and gives all that comes back. */
async function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

describe('every answer carries a request id', () => {
  it.each([
    '/healthz',
    '/',
    '/panel/',
    '/admin/api/status',
    '/v1/models',
    '/nope',
    '/metrics',
    '/v1/models/%zz',
  ])('%s', async (path) => {
    const { headers } = await fetch(gateway.url + path, { redirect: 'manual' });
    expect(headers.get('x-request-id')).toMatch(UUID);
  });
});

describe('what is no request is answered in the envelope all the same', () => {
  it('a malformed URL', async () => {
    const response = await fetch(`${gateway.url}/v1/models/%zz`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: {
        type: 'invalid_request_error',
        code: 'invalid_request',
        message: expect.any(String),
        param: null,
      },
    });
  });

  it('malformed HTTP', async () => {
    const answer = await raw('THIS IS NOT HTTP\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toMatch(/x-request-id: [0-9a-f-]{36}/);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))).error.code).toBe('invalid_request');
  });

  it('headers beyond 64 KiB; those below pass', async () => {
    const request = (length: number) =>
      `GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(length)}\r\nconnection: close\r\n\r\n`;
    expect(await raw(request(60 * 1024))).toMatch(/^HTTP\/1\.1 200 /);
    const answer = await raw(request(70 * 1024));
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))).error.code).toBe('request_too_large');
  });
});

/** An address of this machine that is not loopback, if it has one. */
const ownAddress = Object.values(networkInterfaces())
  .flat()
  .find((entry) => entry !== undefined && !entry.internal && entry.family === 'IPv4')?.address;

describe.skipIf(ownAddress === undefined)('on an address that is not loopback', () => {
  it('inference answers, the panel and its API do not', async () => {
    const open = await startGateway();
    try {
      await open.gateway.stop();
      const shared = await createGateway({ dataDir: open.dataDir, vault: 'file', logLevel: 'warn' });
      const { port } = new URL(await shared.listen('0.0.0.0', 0));
      const origin = `http://${ownAddress}:${port}`;
      const runtime = readRuntimeFile(open.dataDir);
      const token = { authorization: `Bearer ${runtime?.adminToken}` };
      const signIn = new URL(runtime?.panelUrl ?? '');
      for (const path of ['/panel/', '/', '/admin/api/status', signIn.pathname + signIn.search]) {
        expect((await fetch(origin + path, { headers: token, redirect: 'manual' })).status).toBe(403);
      }
      const models = await fetch(`${origin}/v1/models`, { headers: { authorization: `Bearer ${open.key}` } });
      expect(models.status).toBe(200);
      await shared.stop();
    } finally {
      await open[Symbol.asyncDispose]();
    }
  });
});
