import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRuntimeFile } from '../../../gateway/runtime-file.ts';
import type { Address, Call, Protocol, Script } from '../calls.ts';
import { Program } from './program.ts';
import type { Ground, Launch, Side } from './side.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** So high that nothing is refused; what checking them costs is the same. */
const AMOUNT = 1_000_000_000_000;

const LIMITS = [
  ['requests', 60],
  ['tokens', 86_400],
  ['cost', 2_592_000],
] as const;

/** `ntl serve` as package.json starts it, in a folder in which a member, a key, models and limits are made. */
export async function prepareNtl({ origin, port, folder }: Ground): Promise<Side> {
  const launch = serve(folder, port);
  const program = Program.start(launch);
  const { key } = await setUp(program, folder, origin);
  await program.stop();
  return {
    name: 'ntl',
    label: 'NoTokenLimit',
    note: '`ntl serve` as it is shipped, with every function on: a key, an allow-list, limits of a minute, a day and a month, the audit log on disk before each provider is called and before each answer ends, roll-ups.',
    port,
    launch,
    address: (call) => addressOf(call, key),
  };
}

/** The very command of `npm run ntl`, its flags for Node included. */
function serve(folder: string, port: number): Launch {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const [node, ...words] = String(scripts.ntl).split(' ');
  if (node !== 'node')
    throw new Error('npm run ntl does not start with node: the benchmark would not run it.');
  return {
    command: process.execPath,
    args: [...words, 'serve', '--data-dir', folder, '--port', String(port)],
    environment: { NTL_VAULT: 'file' },
    cwd: ROOT,
  };
}

function modelOf(provider: Protocol, script: Script): string {
  return `${provider}-${script}`;
}

function addressOf({ protocol, provider, script }: Call, key: string): Address {
  const model = modelOf(provider, script);
  return protocol === 'chat'
    ? { path: '/v1/chat/completions', headers: { authorization: `Bearer ${key}` }, model, protocol }
    : {
        path: '/v1/messages',
        headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
        model,
        protocol,
      };
}

async function setUp(program: Program, folder: string, origin: string): Promise<{ key: string }> {
  const runtime = await program.ready(() => readRuntimeFile(folder));

  async function admin(method: string, path: string, body: object): Promise<Record<string, string>> {
    const response = await fetch(`${runtime.url}/admin/api${path}`, {
      method,
      headers: { authorization: `Bearer ${runtime.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${await response.text()}`);
    return (await response.json()) as Record<string, string>;
  }

  const models: string[] = [];
  for (const protocol of ['chat', 'messages'] as const) {
    for (const script of ['json', 'fast', 'paced'] as const) {
      const id = modelOf(protocol, script);
      const kind = protocol === 'chat' ? 'openai-compatible' : 'anthropic-compatible';
      const baseUrl = `${origin}/${script}/v1`;
      const provider = await admin('POST', '/providers', {
        name: id,
        kind,
        baseUrl,
        credential: 'sk-provider',
      });
      await admin('POST', '/models', { id, targets: [{ providerId: provider.id, upstreamModel: 'm' }] });
      models.push(id);
    }
  }
  const member = await admin('POST', '/members', { name: 'Bench', allowedModels: models });
  for (const [metric, windowSeconds] of LIMITS) {
    const limit = { scope: 'member', subjectId: member.id, metric, windowSeconds, amount: AMOUNT };
    await admin('PUT', '/limits', limit);
  }
  const { key = '' } = await admin('POST', '/keys', { memberId: member.id, name: 'bench' });
  return { key };
}
