/** A page of another site whose name was made to point at this computer (DNS rebinding) is told by the Host it sends. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { bare, exchange } from './wire.ts';

let gateway: TestGateway;
let token: string;
let panelUrl: URL;
beforeAll(async () => {
  gateway = await startGateway();
  const runtime = readRuntimeFile(gateway.dataDir);
  token = `authorization: Bearer ${runtime?.adminToken}`;
  panelUrl = new URL(runtime?.panelUrl ?? '');
});
afterAll(() => gateway[Symbol.asyncDispose]());

const statusOf = async (text: string) => (await exchange(gateway.url, text)).map(({ status }) => status);

const FOREIGN = [
  'evil.example',
  'evil.example:7411',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'evil.example#127.0.0.1',
  '127.0.0.1@evil.example',
  'evil@127.0.0.1',
  '127.0.0.1, evil.example',
  '127.0.0.1:7411:80',
  '127.0.0.1:',
  // A dot at the end, or another way to write an address, makes another origin.
  ...['localhost.', '127.0.0.1.', '127.1', '2130706433', '0x7f.0.0.1', '0.0.0.0'],
  ...['[::ffff:127.0.0.1]', '[::]', '[fe80::1]', '::1', '[::1%25lo]', 'ip6-localhost', ''],
];

describe.each(FOREIGN)('the host “%s”', (host) => {
  it('gets nothing of the panel and its API, whatever it presents', async () => {
    const signIn = `${panelUrl.pathname}${panelUrl.search}`;
    const paths = ['/', '/panel/', '/admin/api/session', '/admin/api/events', '/docs/', signIn];
    for (const path of paths)
      expect(await statusOf(bare('GET', path, `host: ${host}`, token)), path).toEqual([403]);
    expect(await statusOf(bare('POST', '/panel/signin', `host: ${host}`))).toEqual([403]);
  });
});

it('the names of this computer do, whatever the port', async () => {
  for (const host of ['127.0.0.1', 'localhost:1', 'LocalHost:7411', '[::1]:7411', '127.8.9.1'])
    expect(await statusOf(bare('GET', '/admin/api/session', `host: ${host}`, token)), host).toEqual([200]);
});

it('the first of several hosts counts, and none is none', async () => {
  const ask = (...lines: string[]) => statusOf(bare('GET', '/admin/api/session', ...lines, token));
  expect(await ask('host: evil.example', 'host: 127.0.0.1')).toEqual([403]);
  expect(await ask()).toEqual([400]);
  expect(await statusOf(`GET /admin/api/session HTTP/1.0\r\n${token}\r\n\r\n`)).toEqual([403]);
});

it('a whole address in the request line opens nothing', async () => {
  for (const origin of ['http://evil.example', 'http://127.0.0.1'])
    expect(await statusOf(bare('GET', `${origin}/admin/api/session`, 'host: evil.example', token))).toEqual([
      403,
    ]);
});

it('inference asks for a key under every name, and a page has none', async () => {
  for (const path of ['/v1/models', '/api/v1/models', '/tenant/keys', '/openapi/v1/user/quota/list'])
    expect(await statusOf(bare('GET', path, 'host: evil.example')), path).toEqual([401]);
  expect(
    await statusOf(bare('POST', '/v1/chat/completions', 'host: evil.example', 'content-length: 0')),
  ).toEqual([401]);
  // Metrics, off or on, are for programs that ask this computer by its own name.
  expect(await statusOf(bare('GET', '/metrics', 'host: evil.example'))).toEqual([403]);
});
