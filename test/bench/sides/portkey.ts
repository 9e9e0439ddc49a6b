import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fromNpm } from './from-npm.ts';
import type { Ground, Side } from './side.ts';

const PACKAGE = '@portkey-ai/gateway';
const VERSION = '1.15.2';

/** Portkey's gateway as npm has it. */
export async function preparePortkey({ origin, port }: Ground): Promise<Side> {
  const folder = await fromNpm(PACKAGE, VERSION);
  const mend = pathToFileURL(join(import.meta.dirname, '../children/portkey-fetch.ts')).href;
  const args = ['--disable-warning=ExperimentalWarning', '--import', mend];
  return {
    name: 'portkey',
    label: 'Portkey',
    note: `${PACKAGE} ${VERSION} from npm, without its page (\`--headless\`); it checks no key, counts nothing and records nothing. Its bundle answers every stream with 500, since it changes headers that cannot be changed; a module loaded before it gives it ones that can.`,
    port,
    launch: {
      command: process.execPath,
      args: [...args, join(folder, 'build/start-server.js'), `--port=${port}`, '--headless'],
    },
    address: ({ protocol, provider, script }) =>
      protocol === 'chat'
        ? {
            path: '/v1/chat/completions',
            headers: {
              authorization: 'Bearer sk-provider',
              'x-portkey-provider': provider === 'chat' ? 'openai' : 'anthropic',
              'x-portkey-custom-host': `${origin}/${script}/v1`,
            },
            model: 'm',
            protocol,
          }
        : null,
  };
}
