import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Protocol, providerPath } from '../calls.ts';
import { fromNpm } from './from-npm.ts';
import type { Ground, Side } from './side.ts';

const PACKAGE = '@musistudio/claude-code-router';
/** Newer ones name a dependency that npm does not have. */
const VERSION = '2.0.0';

const KEY = 'sk-bench';

/** claude-code-router as npm has it, with a home of its own. */
export async function prepareCcr({ origin, port, folder }: Ground): Promise<Side> {
  const installed = await fromNpm(PACKAGE, VERSION);
  const settings = join(folder, '.claude-code-router');
  mkdirSync(settings);
  writeFileSync(join(settings, 'config.json'), JSON.stringify(configuration(origin, port)));
  return {
    name: 'ccr',
    label: 'claude-code-router',
    note: `${PACKAGE} ${VERSION} from npm, its log off. It has Anthropic Messages alone in front: where the others pass Chat Completions to a provider of Chat Completions, it passes Messages to a provider of Messages. It checks one key and records nothing.`,
    port,
    launch: {
      command: process.execPath,
      args: [join(installed, 'dist/cli.js'), 'start'],
      environment: { HOME: folder, TMPDIR: folder },
      cwd: folder,
    },
    address({ protocol, provider, script }) {
      // Chat to chat becomes messages to messages; chat to messages is nothing it does.
      if (protocol === 'chat' && provider === 'messages') return null;
      const to = protocol === 'chat' ? 'messages' : provider;
      const headers = { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' };
      return { path: '/v1/messages', headers, model: `${to}-${script},m`, protocol: 'messages' };
    },
  };
}

function configuration(origin: string, port: number): object {
  const provider = (protocol: Protocol, script: 'json' | 'fast' | 'paced'): object => ({
    name: `${protocol}-${script}`,
    api_base_url: origin + providerPath(script, protocol),
    api_key: 'sk-provider',
    models: ['m'],
    // With the transformer of its own front alone, it passes bodies on without translating them.
    ...(protocol === 'messages' ? { transformer: { use: ['Anthropic'] } } : {}),
  });
  return {
    PORT: port,
    HOST: '127.0.0.1',
    APIKEY: KEY,
    LOG: false,
    NON_INTERACTIVE_MODE: true,
    Providers: (['chat', 'messages'] as const).flatMap((protocol) =>
      (['json', 'fast', 'paced'] as const).map((script) => provider(protocol, script)),
    ),
    Router: { default: 'messages-json,m' },
  };
}
