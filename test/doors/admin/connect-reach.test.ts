import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function reach(address?: string) {
  const query = address === undefined ? '' : `?address=${encodeURIComponent(address)}`;
  return gateway.admin('GET', `/connect/reach${query}`);
}

/** Passes everything on to the gateway, as a tunnel does. */
async function tunnel(): Promise<string> {
  const server = createServer(async (request, response) => {
    const answer = await fetch(gateway.url + request.url);
    response.writeHead(answer.status, { 'x-ntl-instance': answer.headers.get('x-ntl-instance') ?? '' });
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

it('says that the address it listens at leads here', async () => {
  const { body } = await reach();
  expect(body).toMatchObject({ address: gateway.url, verdict: 'here', latencyMs: expect.any(Number) });
});

it('knows itself behind a tunnel', async () => {
  const address = await tunnel();
  expect((await reach(`${address}/`)).body).toMatchObject({ address, verdict: 'here' });
});

it('is not taken in by another gateway, nor by another server', async () => {
  await using other = await startGateway();
  expect((await reach(other.url)).body).toMatchObject({
    verdict: 'another',
    message: 'Something else answers there, with HTTP 200.',
  });
});

it('says what is wrong where nothing answers', async () => {
  expect((await reach('http://127.0.0.1:1')).body).toEqual({
    ...{ address: 'http://127.0.0.1:1', verdict: 'silent', latencyMs: null },
    message: 'Nothing listens there.',
  });
  const { status, body } = await reach('ftp://example.net');
  expect(status).toBe(400);
  expect(body.error).toMatchObject({ param: 'address' });
});
