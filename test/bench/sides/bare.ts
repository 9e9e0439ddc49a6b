import { join } from 'node:path';
import { providerAddress } from './provider.ts';
import type { Ground, Side } from './side.ts';

/** The proxy that all ratios are to. */
export function prepareBare({ origin, port }: Ground): Side {
  const script = join(import.meta.dirname, '../children/bare-proxy.ts');
  return {
    name: 'bare',
    label: 'bare Node proxy',
    note: '25 lines of node:http in front and undici behind, in `test/bench/children/bare-proxy.ts`: no key, no limit, no record. All ratios are to it.',
    port,
    launch: {
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', script, origin, String(port)],
    },
    address: (call) => (call.protocol === call.provider ? providerAddress(call) : null),
  };
}
