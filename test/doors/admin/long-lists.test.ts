import { request as ask } from 'node:http';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRuntimeFile } from '../../../gateway/runtime-file.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';

const KEYS = 1_234;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
  await gateway.restart(() => {
    const db = new Database(`${gateway.dataDir}/ntl.db`);
    const insert = db.prepare(
      "INSERT INTO api_keys (member_id, name, kind, hash, prefix, created_at) VALUES (1, ?, 'standard', ?, 'p', 1)",
    );
    // Text that JSON must escape, also where a piece is cut.
    for (let count = 0; count < KEYS; count++) insert.run(`"],[\\ ${count} ü\u2028`, String(count));
    db.close();
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());

it('is the same in pieces as in small pages, with its pagination', async () => {
  const { status, headers, body } = await gateway.admin('GET', '/keys?pageSize=100000');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(body.pagination).toEqual({ page: 1, limit: 100_000, total: KEYS + 1 });
  const pages = [];
  for (let page = 1; page <= 13; page++)
    pages.push(...(await gateway.admin('GET', `/keys?pageSize=100&page=${page}`)).body.data);
  expect(body.data).toEqual(pages);
});

it('comes in pieces, and ends where nobody reads it any more', async () => {
  const { url = '', adminToken = '' } = readRuntimeFile(gateway.dataDir) ?? {};
  const pieces = await new Promise<number>((resolve, reject) => {
    let count = 0;
    const headers = { authorization: `Bearer ${adminToken}` };
    ask(`${url}/admin/api/keys?pageSize=100000`, { headers }, (response) => {
      response.on('data', () => {
        count += 1;
      });
      response.on('end', () => resolve(count));
    })
      .on('error', reject)
      .end();
  });
  expect(pieces).toBeGreaterThan(1);
  const stopped = new AbortController();
  const begun = await fetch(`${url}/admin/api/keys?pageSize=100000`, {
    headers: { authorization: `Bearer ${adminToken}` },
    signal: stopped.signal,
  });
  stopped.abort();
  await expect(begun.text()).rejects.toThrow();
  expect((await gateway.admin('GET', '/keys?pageSize=1')).status).toBe(200);
});
