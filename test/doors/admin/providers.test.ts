import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PROVIDER_KINDS } from '../../../gateway/providers/provider-kinds.ts';
import { type Vault, VaultError } from '../../../gateway/vault/vault.ts';
import { createTestAuthority } from '../../support/certificates.ts';
import { startProvider } from '../../support/provider/provider.ts';
import { openAdmin } from './admin-app.ts';

const SECRET = 'sk-very-secret-credential-0123456789';
const OPENAI = { name: 'OpenAI', kind: 'openai' } as const;

/** A vault whose calls fail while `broken` names them. */
function breakable(vault: Vault, broken: Set<string>): Vault {
  const guard = async (name: string) => {
    if (broken.has(name)) throw new VaultError('locked', 'The keychain is locked: unlock it and try again.');
  };
  return {
    kind: vault.kind,
    protection: vault.protection,
    get: (account) => guard('get').then(() => vault.get(account)),
    set: (account, secret) => guard('set').then(() => vault.set(account, secret)),
    delete: (account) => guard('delete').then(() => vault.delete(account)),
  };
}

async function withBreakableVault() {
  const broken = new Set<string>();
  const admin = await openAdmin({ vault: (vault) => breakable(vault, broken) });
  return { ...admin, broken };
}

describe('providers', () => {
  it('take their kind’s address, and keep the credential in the vault alone', async () => {
    const { call, parts } = await openAdmin();
    const added = await call('POST', '/providers', { ...OPENAI, credential: ` ${SECRET}\n` });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({
      ...{
        name: 'OpenAI',
        kind: 'openai',
        baseUrl: 'https://api.openai.com/v1',
        hasCredential: true,
        enabled: true,
      },
      ...{ priority: 0, headers: {}, proxy: null, ca: null, health: [] },
    });
    expect(added.text).not.toContain(SECRET);
    expect(await parts.vault.get(`provider:${added.body.id}`)).toBe(SECRET);
    expect((await call('GET', `/providers/${added.body.id}`)).body).toEqual(added.body);
  });

  it('take the key file of a Google service account as it came, for Vertex AI alone', async () => {
    const { call, parts } = await openAdmin();
    const account = {
      type: 'service_account',
      client_email: 'gateway@p.iam.gserviceaccount.com',
      private_key_id: 'k1',
      private_key: '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n',
      token_uri: 'https://oauth2.googleapis.com/token',
      client_x509_cert_url: 'https://example.invalid/never/needed',
    };
    const credential = JSON.stringify(account, null, 2);
    const baseUrl = 'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1';
    const added = await call('POST', '/providers', { name: 'Vertex', kind: 'vertex', baseUrl, credential });
    expect(added.status).toBe(201);
    expect(added.text).not.toContain('PRIVATE KEY');
    const { type: _, client_x509_cert_url: __, ...needed } = account;
    expect(await parts.vault.get(`provider:${added.body.id}`)).toBe(JSON.stringify(needed));
    for (const wrong of [
      { ...OPENAI, credential },
      { name: 'Vertex', kind: 'vertex', baseUrl, credential: '{"some": "object"}' },
    ]) {
      const refused = await call('POST', '/providers', wrong);
      expect(refused.status).toBe(400);
      expect(refused.body.error.param).toBe('credential');
      expect(refused.text).not.toContain('PRIVATE KEY');
    }
  });

  it('leave no secret in the database, the change log or an answer', async () => {
    const { call, store, dataDir } = await openAdmin();
    const proxy = 'http://joe:proxy-password-42@proxy.example:3128';
    const { body, text } = await call('POST', '/providers', { ...OPENAI, credential: SECRET, proxy });
    const texts = [text];
    texts.push(
      (
        await call('PATCH', `/providers/${body.id}`, {
          credential: `${SECRET}-2`,
          proxy: proxy.replace('joe', 'jim'),
        })
      ).text,
    );
    for (const path of ['/providers', `/providers/${body.id}`, '/changes', '/status']) {
      texts.push((await call('GET', path)).text);
    }
    store.db.pragma('wal_checkpoint(TRUNCATE)');
    const files = readdirSync(dataDir).filter((name) => name.startsWith('ntl.db'));
    expect(files).toContain('ntl.db');
    texts.push(...files.map((name) => readFileSync(join(dataDir, name), 'latin1')));
    for (const all of texts) {
      expect(all).not.toContain(SECRET);
      expect(all).not.toContain('proxy-password');
    }
    expect(body.proxy).toBe('http://proxy.example:3128/');
    const changes = (await call('GET', '/changes')).body.data;
    expect(changes[0]).toMatchObject({
      action: 'provider.update',
      actor: 'window',
      after: { credential: 'stored' },
    });
  });

  it('change only in what the PATCH names', async () => {
    const { call, parts } = await openAdmin();
    const { body } = await call('POST', '/providers', {
      ...OPENAI,
      credential: SECRET,
      headers: { 'X-Title': ' Home ' },
    });
    const account = `provider:${body.id}`;
    const patched = await call('PATCH', `/providers/${body.id}`, { name: 'Work', enabled: false });
    expect(patched.body).toMatchObject({
      name: 'Work',
      enabled: false,
      hasCredential: true,
      headers: { 'x-title': 'Home' },
    });
    await call('PATCH', `/providers/${body.id}`, { credential: 'sk-other' });
    expect(await parts.vault.get(account)).toBe('sk-other');
    expect((await call('PATCH', `/providers/${body.id}`, { credential: null })).body.hasCredential).toBe(
      false,
    );
    expect(await parts.vault.get(account)).toBeNull();
  });

  it('move to another kind’s address only if they stood at their own', async () => {
    const { call } = await openAdmin();
    const { body: own } = await call('POST', '/providers', OPENAI);
    expect((await call('PATCH', `/providers/${own.id}`, { kind: 'groq' })).body.baseUrl).toBe(
      'https://api.groq.com/openai/v1',
    );
    expect(
      (await call('PATCH', `/providers/${own.id}`, { kind: 'openai-compatible' })).body.error.param,
    ).toBe('baseUrl');
    const { body: other } = await call('POST', '/providers', {
      ...OPENAI,
      baseUrl: 'https://proxy.example/v1/',
    });
    expect(other.baseUrl).toBe('https://proxy.example/v1');
    expect((await call('PATCH', `/providers/${other.id}`, { kind: 'groq' })).body.baseUrl).toBe(
      'https://proxy.example/v1',
    );
  });

  it('keep a proxy’s password when the form sends the proxy back without it', async () => {
    const { call, parts } = await openAdmin();
    const { body } = await call('POST', '/providers', {
      ...OPENAI,
      proxy: 'http://joe:pw@proxy.example:3128',
    });
    const account = `provider:${body.id}:proxy`;
    await call('PATCH', `/providers/${body.id}`, { proxy: body.proxy });
    expect(await parts.vault.get(account)).toBe('http://joe:pw@proxy.example:3128');
    await call('PATCH', `/providers/${body.id}`, { proxy: 'http://other.example:3128' });
    expect(await parts.vault.get(account)).toBeNull();
    expect((await call('PATCH', `/providers/${body.id}`, { proxy: 'direct' })).body.proxy).toBe('direct');
  });

  it('take certificates and leave a pasted private key out', async () => {
    const { call, store } = await openAdmin();
    const { ca } = await createTestAuthority();
    const key = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0LWtleQ==\n-----END PRIVATE KEY-----\n';
    const { body } = await call('POST', '/providers', { ...OPENAI, ca: key + ca });
    expect(body.ca).toContain('BEGIN CERTIFICATE');
    const stored = store.db.prepare('SELECT ca FROM providers').pluck().get();
    expect(stored).not.toContain('PRIVATE KEY');
    expect((await call('POST', '/providers', { ...OPENAI, ca: key })).body.error.param).toBe('ca');
  });

  it('take their credential and targets along when they are removed', async () => {
    const { call, parts } = await openAdmin();
    const { body } = await call('POST', '/providers', { ...OPENAI, credential: SECRET });
    await call('POST', '/models', { id: 'm', targets: [{ providerId: body.id, upstreamModel: 'gpt' }] });
    expect((await call('DELETE', `/providers/${body.id}`)).status).toBe(204);
    expect(await parts.vault.get(`provider:${body.id}`)).toBeNull();
    expect((await call('GET', '/models/m')).body).toMatchObject({ targets: [], bound: false });
    expect((await call('GET', `/providers/${body.id}`)).status).toBe(404);
    expect((await call('GET', '/providers')).body.data).toEqual([]);
  });

  it.each([
    [{ name: 'x', kind: 'acme' }, 'kind'],
    [{ name: 'x', kind: 'openai-compatible' }, 'baseUrl'],
    [{ ...OPENAI, baseUrl: 'ftp://x' }, 'baseUrl'],
    [{ ...OPENAI, baseUrl: 'https://me:geheim@x.example' }, 'baseUrl'],
    [{ ...OPENAI, credential: '' }, 'credential'],
    [{ ...OPENAI, credential: 'geheim geheim' }, 'credential'],
    [{ ...OPENAI, headers: { Authorization: 'Bearer geheim' } }, 'headers.authorization'],
    [{ ...OPENAI, headers: { 'X-API-Key': 'geheim' } }, 'headers.x-api-key'],
    [{ ...OPENAI, headers: { 'api-key': 'geheim' } }, 'headers.api-key'],
    [{ ...OPENAI, headers: { 'x-goog-api-key': 'geheim' } }, 'headers.x-goog-api-key'],
    [{ ...OPENAI, headers: { Cookie: 'geheim' } }, 'headers.cookie'],
    [{ ...OPENAI, headers: { 'Proxy-Authorization': 'geheim' } }, 'headers.proxy-authorization'],
    [{ ...OPENAI, headers: { 'x-note': 'a\r\nx-evil: geheim' } }, 'headers.x-note'],
    [{ ...OPENAI, headers: { 'bad name': 'x' } }, 'headers.bad name'],
    [{ ...OPENAI, headers: { host: 'x' } }, 'headers.host'],
    [{ ...OPENAI, headers: { 'x-a': 1 } }, 'headers.x-a'],
    [{ ...OPENAI, proxy: 'geheim' }, 'proxy'],
    [{ ...OPENAI, base_url: 'https://x' }, 'base_url'],
  ])('are refused as %j', async (body, param) => {
    const { call, parts } = await openAdmin();
    const refused = await call('POST', '/providers', body);
    expect([refused.status, refused.body.error.param]).toEqual([400, param]);
    expect(refused.text).not.toContain('geheim');
    expect(parts.providers.list()).toEqual([]);
  });
});

describe('while the vault is out of reach', () => {
  it('a provider with a credential is not left half made', async () => {
    const { call, parts, broken } = await withBreakableVault();
    broken.add('set');
    const refused = await call('POST', '/providers', { ...OPENAI, credential: SECRET });
    expect(refused.status).toBe(503);
    expect(refused.body.error).toMatchObject({
      code: 'vault_unavailable',
      message: 'The keychain is locked: unlock it and try again.',
    });
    expect(parts.providers.list()).toEqual([]);
    expect((await call('GET', '/changes')).body.data).toEqual([]);
  });

  it('a change is made as a whole or not at all', async () => {
    const { call, broken } = await withBreakableVault();
    const { body } = await call('POST', '/providers', { ...OPENAI, credential: SECRET });
    broken.add('set');
    expect((await call('PATCH', `/providers/${body.id}`, { name: 'New', credential: 'sk-new' })).status).toBe(
      503,
    );
    expect((await call('GET', `/providers/${body.id}`)).body.name).toBe('OpenAI');
  });

  it('lists say so, local providers can be added, and none is removed with its credential left behind', async () => {
    const { call, parts, broken } = await withBreakableVault();
    const { body } = await call('POST', '/providers', { ...OPENAI, credential: SECRET });
    for (const name of ['get', 'set', 'delete']) broken.add(name);
    expect((await call('GET', '/providers')).body.data[0].hasCredential).toBeNull();
    expect((await call('POST', '/providers', { name: 'Ollama', kind: 'ollama' })).status).toBe(201);
    expect((await call('DELETE', `/providers/${body.id}`)).body.error.code).toBe('vault_unavailable');
    expect(parts.providers.get(Number(body.id))).toBeDefined();
    expect((await call('POST', `/providers/${body.id}/test`)).body.verdict).toBe('vault_unavailable');
  });
});

describe('testing a provider', () => {
  it('lists its models with the stored credential', async () => {
    await using upstream = await startProvider({ credential: SECRET });
    const { call } = await openAdmin();
    const facts = { name: 'Mine', kind: 'openai-compatible', baseUrl: upstream.url, credential: SECRET };
    const { body } = await call('POST', '/providers', facts);
    const tested = await call('POST', `/providers/${body.id}/test`);
    expect(tested.body).toMatchObject({ ok: true, verdict: 'ok', status: 200, models: 5 });
    const models = await call('GET', `/providers/${body.id}/models`);
    expect(models.body.data).toContainEqual({
      id: 'gpt-4o',
      facts: expect.objectContaining({ contextWindow: 128_000, sampling: true, thinking: null }),
      listPrice: null,
    });
    expect(models.body.pagination).toEqual({ page: 1, limit: 5, total: 5 });
    expect((await call('GET', `/providers/${body.id}/models?pageSize=2&page=3`)).body.data).toHaveLength(1);
  });

  it('says that the credential is wrong, and uses the new one from then on', async () => {
    await using upstream = await startProvider({ credential: SECRET });
    const { call } = await openAdmin();
    const facts = { name: 'Mine', kind: 'openai-compatible', baseUrl: upstream.url, credential: 'sk-wrong' };
    const { body } = await call('POST', '/providers', facts);
    expect((await call('POST', `/providers/${body.id}/test`)).body).toMatchObject({
      ...{ ok: false, verdict: 'wrong_credential', status: 401, models: 0 },
    });
    expect((await call('GET', `/providers/${body.id}/models`)).body.error.code).toBe('upstream_error');
    await call('PATCH', `/providers/${body.id}`, { credential: SECRET });
    expect((await call('POST', `/providers/${body.id}/test`)).body.ok).toBe(true);
  });

  it('says that nobody answers, that a credential is missing, and that a page is no API', async () => {
    const { call } = await openAdmin();
    const server = createServer((_request, response) => response.end('<html>'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const verdict = async (facts: Record<string, unknown>) => {
      const { body } = await call('POST', '/providers', { name: 'x', ...facts });
      return (await call('POST', `/providers/${body.id}/test`)).body;
    };
    const local = { kind: 'openai-compatible' };
    expect(await verdict({ ...local, baseUrl: 'http://127.0.0.1:9' })).toMatchObject({
      verdict: 'unreachable',
      status: null,
    });
    expect(await verdict({ kind: 'openai', baseUrl: `http://127.0.0.1:${port}` })).toMatchObject({
      verdict: 'no_credential',
    });
    expect(await verdict({ ...local, baseUrl: `http://127.0.0.1:${port}` })).toMatchObject({
      verdict: 'not_an_api',
      status: 200,
    });
    expect(await verdict({ ...local, baseUrl: `https://127.0.0.1:${port}` })).toMatchObject({
      verdict: 'certificate',
    });
  });

  it('needs a provider', async () => {
    const { call } = await openAdmin();
    expect((await call('POST', '/providers/9/test')).status).toBe(404);
    expect((await call('GET', '/providers/9/models')).status).toBe(404);
  });

  it('offers every kind there is', async () => {
    const { call } = await openAdmin();
    const { data } = (await call('GET', '/provider-kinds')).body;
    expect(data).toHaveLength(PROVIDER_KINDS.length);
    expect(data).toContainEqual({
      ...{ id: 'azure-openai', label: 'Azure OpenAI', baseUrl: null, local: false, credential: 'required' },
      ...{ exampleUrl: 'https://my-resource.openai.azure.com', speaks: ['openai'] },
      helpUrl: 'https://portal.azure.com/',
    });
  });
});
