/**
 * `ntl serve` that ends as soon as it takes requests, and tells on stderr which files it has loaded: of packages, and
 * its own (`gateway/…`).
 */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';

const [node = '', , dataDir = ''] = process.argv;
const loaded = new Set<string>();
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const [, inside] = /.*\/node_modules\/(.+)/.exec(found.url) ?? /.*\/(gateway\/.+)/.exec(found.url) ?? [];
    if (inside !== undefined) loaded.add(inside);
    return found;
  },
});
process.on('exit', () => process.stderr.write(JSON.stringify([...loaded])));
process.argv = [node, 'ntl', 'serve', '--data-dir', dataDir, '--port', '0'];
const look = setInterval(() => {
  if (!existsSync(join(dataDir, 'runtime.json'))) return;
  clearInterval(look);
  process.kill(process.pid, 'SIGTERM');
}, 20);
await import('../../../gateway/cli/ntl.js');
