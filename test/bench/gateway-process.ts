/** The gateway with every function on, as a process of its own. Argument: the provider's origin. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway } from '../../gateway/gateway.ts';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';

const [origin] = process.argv.slice(2);
const dataDir = mkdtempSync(join(tmpdir(), 'ntl-bench-'));
const gateway = await createGateway({ dataDir, vault: 'file', logLevel: 'warn' });
const url = await gateway.listen('127.0.0.1', 0);
const token = readRuntimeFile(dataDir)?.adminToken ?? '';

async function admin(method: string, path: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/admin/api${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Record<string, unknown>;
}

const provider = await admin('POST', '/providers', {
  name: 'raw',
  kind: 'openai-compatible',
  baseUrl: origin,
  credential: 'sk-provider',
});
await admin('POST', '/models', { id: 'm', targets: [{ providerId: provider.id, upstreamModel: 'm' }] });
const member = await admin('POST', '/members', { name: 'Bench', allowedModels: ['m'] });
for (const [metric, windowSeconds] of [
  ['requests', 60],
  ['tokens', 86_400],
  ['cost', 2_592_000],
] as const) {
  await admin('PUT', '/limits', {
    scope: 'member',
    subjectId: member.id,
    metric,
    windowSeconds,
    amount: 1_000_000_000_000,
  });
}
const key = await admin('POST', '/keys', { memberId: member.id, name: 'bench' });
console.log(JSON.stringify({ port: Number(new URL(url).port), key: key.key, dataDir }));
