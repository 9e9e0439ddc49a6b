/** Two readers of one connection must never disagree where a request ends: what can be read in two ways is refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { bare, exchange } from './wire.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const SMUGGLED = bare('GET', '/v1/models/smuggled', 'host: x');

/** A request to the echo model that brings another along in its body. */
function post(lines: readonly string[], body: string): string {
  const key = `authorization: Bearer ${gateway.key}`;
  return [`POST /v1/chat/completions HTTP/1.1`, 'host: x', key, ...lines, '', body].join('\r\n');
}

describe('a length that can be read in two ways ends the connection, and what is behind it is never read', () => {
  it.each([
    ['CL.TE', ['content-length: 6', 'transfer-encoding: chunked'], '0\r\n\r\n'],
    ['TE.CL', ['transfer-encoding: chunked', 'content-length: 4'], '5c\r\n'],
    ['TE.TE', ['transfer-encoding: chunked', 'transfer-encoding: identity'], '0\r\n\r\n'],
    ['an unknown encoding', ['transfer-encoding: xchunked'], '0\r\n\r\n'],
    ['chunked not last', ['transfer-encoding: chunked, gzip'], '0\r\n\r\n'],
    ['a tab before chunked', ['transfer-encoding:\x0bchunked'], '0\r\n\r\n'],
    ['a space before the colon', ['transfer-encoding : chunked'], '0\r\n\r\n'],
    ['a folded line', ['transfer-encoding:', ' chunked'], '0\r\n\r\n'],
    ['a folded header', ['x-fold: a', ' b', 'content-length: 0'], ''],
    ['a bare line feed', ['x-bare: a\ncontent-length: 0'], ''],
    ['a bare carriage return', ['x-bare: a\rcontent-length: 0'], ''],
    ['a null byte', ['x-null: a\0b', 'content-length: 0'], ''],
    ['two lengths', ['content-length: 0', 'content-length: 5'], ''],
    ['the same length twice', ['content-length: 0', 'content-length: 0'], ''],
    ['a list of lengths', ['content-length: 0, 5'], ''],
    ['a signed length', ['content-length: +0'], ''],
    ['a hexadecimal length', ['content-length: 0x0'], ''],
    ['a chunk size with a sign', ['transfer-encoding: chunked'], '+0\r\n\r\n'],
    ['a chunk size in C’s words', ['transfer-encoding: chunked'], '0x0\r\n\r\n'],
    ['a chunk size that overflows', ['transfer-encoding: chunked'], '10000000000000000\r\n'],
    ['a chunk with bare line feeds', ['transfer-encoding: chunked'], '0\n\n'],
    ['a chunk longer than told', ['transfer-encoding: chunked'], '1\r\nxx\r\n0\r\n\r\n'],
  ])('%s', async (_, lines, body) => {
    const answers = await exchange(gateway.url, post(lines, body) + SMUGGLED);
    expect(answers.map(({ status }) => status)).toEqual([400]);
    expect(answers[0]?.head).toMatch(/^connection: close$/im);
  });
});

it('a body that looks like a request is a body', async () => {
  const [first, second, ...rest] = await exchange(
    gateway.url,
    post([`content-length: ${SMUGGLED.length}`], SMUGGLED) + bare('GET', '/healthz', 'host: x'),
  );
  expect([first?.status, second?.status, rest]).toEqual([400, 200, []]);
  expect(second?.body).toBe('{"status":"ok"}');
});

it('a refused body that was not read is no request either', async () => {
  const answers = await exchange(
    gateway.url,
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}${bare('GET', '/healthz', 'host: x')}`,
  );
  expect(answers.map(({ status }) => status)).toEqual([401, 200]);
});

it.each(['CONNECT evil.example:443', 'TRACE /v1/models', 'PRI *'])(
  'no tunnel and no echo of headers: %s',
  async (line) => {
    const secret = 'x-secret: told-back';
    const answers = await exchange(
      gateway.url,
      `${line} HTTP/1.1\r\nhost: x\r\n${secret}\r\nconnection: close\r\n\r\n`,
    );
    expect(answers.every(({ status }) => status >= 400)).toBe(true);
    expect(JSON.stringify(answers)).not.toContain('told-back');
  },
);

it('an offer to upgrade is not taken', async () => {
  const lines = [
    'host: x',
    'upgrade: websocket',
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version: 13',
  ];
  const head = ['GET /v1/models HTTP/1.1', ...lines, 'connection: upgrade, close', '', ''].join('\r\n');
  expect((await exchange(gateway.url, head)).map(({ status }) => status)).toEqual([401]);
});
