/** Server-side request forgery: the gateway calls the providers that its owner set up, and nobody else. */

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';

let gateway: TestGateway;
let openai: Provider;
let anthropic: Provider;
let connections = 0;
/** Listens for whoever follows an address it was handed. */
const trap = createServer((socket: Socket) => {
  connections += 1;
  socket.destroy();
});

beforeAll(async () => {
  gateway = await startGateway();
  await new Promise<void>((resolve) => void trap.listen(0, '127.0.0.1', resolve));
  openai = await startProvider();
  anthropic = await startProvider();
  await gateway.publish(openai, ['gpt-4o']);
  await gateway.publish(anthropic, ['claude-haiku-4-5'], { kind: 'anthropic-compatible' });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await Promise.all([openai.close(), anthropic.close()]);
  trap.close();
});

const port = () => (trap.address() as AddressInfo).port;
const MODELS = ['gpt-4o', 'claude-haiku-4-5', 'ntl/echo'];

describe('an address in a body is not fetched', () => {
  it.each([
    ...['http://127.0.0.1:PORT/image.png', 'http://localhost:PORT/', 'http://[::ffff:127.0.0.1]:PORT/x.pdf'],
    ...['http://169.254.169.254/latest/meta-data/', 'http://metadata.google.internal/', 'file:///etc/passwd'],
    ...['gopher://127.0.0.1:PORT/_x', 'ftp://127.0.0.1:PORT/x', '//127.0.0.1:PORT/x'],
  ])('%s', async (text) => {
    const url = text.replace('PORT', String(port()));
    for (const model of MODELS) {
      await gateway.post('/v1/chat/completions', {
        ...{ model, base_url: url, api_base: url, url, callback: url },
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image_url', image_url: { url } },
              { type: 'file', file: { file_data: url, filename: url } },
              { type: 'text', text: url },
            ],
          },
        ],
      });
      await gateway.post('/v1/messages', {
        ...{ model, max_tokens: 9, mcp_servers: [{ type: 'url', url, name: 'x' }] },
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image', source: { type: 'url', url } },
              { type: 'document', source: { type: 'url', url } },
            ],
          },
        ],
      });
      await gateway.post('/v1/responses', {
        model,
        input: [
          {
            role: 'user',
            content: [
              { type: 'input_image', image_url: url, detail: 'auto' },
              { type: 'input_file', file_url: url },
            ],
          },
        ],
        tools: [{ type: 'mcp', server_label: 'x', server_url: url }],
      });
    }
    expect(connections).toBe(0);
    expect(JSON.stringify((await gateway.rows()).slice(0, 9))).not.toContain('root:');
  });
});

it('no header, query or path of a caller names another upstream', async () => {
  const url = `http://127.0.0.1:${port()}`;
  const headers = {
    ...{ 'x-forwarded-host': `127.0.0.1:${port()}`, 'x-base-url': url, 'openai-base-url': url },
    ...{ 'x-portkey-custom-host': url, 'x-upstream': url, 'x-original-url': url, 'helicone-target-url': url },
  };
  const body = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] };
  const before = openai.requests.length;
  for (const path of ['/v1/chat/completions', `/v1/chat/completions?base_url=${encodeURIComponent(url)}`])
    expect((await gateway.post(path, body, { headers })).status).toBe(200);
  expect(openai.requests.length - before).toBe(2);
  for (const path of [`/v1/${url}/chat/completions`, `/${encodeURIComponent(url)}/v1/chat/completions`])
    expect((await gateway.post(path, body)).status).toBe(404);
  expect(connections).toBe(0);
});

it('base URLs are the owner’s: no key reaches where they are set', async () => {
  const facts = { name: 'x', kind: 'openai-compatible', baseUrl: `http://127.0.0.1:${port()}` };
  for (const path of ['/admin/api/providers', '/tenant/providers', '/v1/providers'])
    expect([401, 404]).toContain((await gateway.post(path, facts)).status);
  expect(connections).toBe(0);
});

it.each([
  'file:///etc/passwd',
  'ftp://127.0.0.1/',
  'javascript:1',
  'http://user:pass@127.0.0.1/',
  'http://x/?a#b',
])('and even the owner’s can be no %s', async (baseUrl) => {
  const facts = { name: 'x', kind: 'openai-compatible', baseUrl };
  expect((await gateway.admin('POST', '/providers', facts)).body.error.param).toBe('baseUrl');
});

it('a redirect is a failure: nothing goes where it points, least of all the credential', async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    openai.script(reply.redirect(`http://127.0.0.1:${port()}/v1/chat/completions`, status));
    const answer = await gateway.post('/v1/chat/completions', {
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'hi' }],
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([502, null]);
    const id = (await gateway.admin('GET', '/providers')).body.data[0].id;
    openai.scriptFor('/models', reply.redirect(`http://127.0.0.1:${port()}/v1/models`, status));
    expect((await gateway.admin('GET', `/providers/${id}/models`)).status).toBeGreaterThanOrEqual(400);
    expect((await gateway.admin('POST', `/providers/${id}/test`)).body.ok).not.toBe(true);
  }
  expect(connections).toBe(0);
});
