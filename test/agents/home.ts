/** The folder and the variables an agent lives in: nothing of the developer's own but where programs are. */
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Launch } from './agent.ts';

export async function writeSettings(home: string, { files = {} }: Launch): Promise<void> {
  await mkdir(join(home, 'tmp'), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const target = join(home, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
}

export function environment(home: string, { env = {} }: Launch): NodeJS.ProcessEnv {
  return {
    HOME: home,
    SHELL: '/bin/bash',
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    TMPDIR: join(home, 'tmp'),
    PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    NO_COLOR: '1',
    DO_NOT_TRACK: '1',
    ...env,
  };
}
