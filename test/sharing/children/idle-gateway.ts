/** Starts a gateway that shares nothing, asks how sharing stands, and prints which packages it has loaded. */
import { registerHooks } from 'node:module';

const loaded = new Set<string>();
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(found.url) ?? [];
    if (name !== undefined) loaded.add(name);
    return found;
  },
});

const { createGateway } = await import('../../../gateway/gateway.ts');
const gateway = await createGateway({ dataDir: process.argv[2] ?? '', vault: 'file', logLevel: 'silent' });
await gateway.listen('127.0.0.1', 0);
const asked = { url: '/admin/api/sharing', remoteAddress: 'in-process' };
const { statusCode } = await gateway.app.inject(asked);
await gateway.stop();
process.stdout.write(JSON.stringify({ statusCode, loaded: [...loaded] }));
