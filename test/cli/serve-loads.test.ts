import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { TestFolder } from './run-ntl.ts';

/** What the panel, proxies, prices, sharing and the editors of settings files need; a gateway in the background has none of it. */
const LATER = [
  'zod',
  'ajv',
  'yaml',
  'smol-toml',
  'jsonc-parser',
  'json5',
  'stripe',
  'prom-client',
  'bonjour-service',
];
const LATER_OF_SCOPES = ['@pydantic', '@peculiar', '@simplewebauthn', '@ai-sdk', '@fastify/swagger'];

it('a gateway that nobody has asked anything has loaded what it needs alone', async () => {
  using folder = new TestFolder();
  const child = join(import.meta.dirname, 'children/serve-and-tell.ts');
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', child, folder.path],
    { env: { ...process.env, NTL_VAULT: 'file' } },
  );
  const files: string[] = JSON.parse(stderr);
  expect(files.some((file) => file.startsWith('fastify/'))).toBe(true);
  const packages = new Set(files.map((file) => file.split('/')[0]));
  expect(LATER.filter((name) => packages.has(name))).toEqual([]);
  expect(files.filter((file) => LATER_OF_SCOPES.some((scope) => file.startsWith(scope)))).toEqual([]);
  // What answers as Ollama does comes with the first request for it.
  expect(files).toContain('gateway/doors/ollama/ollama-door.ts');
  expect(
    files.filter((file) => /^gateway\/(protocols\/ollama|doors\/ollama\/(answers|own-server))/.test(file)),
  ).toEqual([]);
  // undici's entry loads all of it.
  expect(files).not.toContain('undici/index.js');
});
