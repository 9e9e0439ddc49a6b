import { join } from 'node:path';
import { type Address, type Call, providerPath } from '../calls.ts';
import { Program } from './program.ts';

export interface Provider {
  port: number;
  origin: string;
  program: Program;
}

/** Starts the scripted provider that everything is measured against. */
export async function startProvider(): Promise<Provider> {
  const script = join(import.meta.dirname, '../children/raw-provider.ts');
  const args = ['--disable-warning=ExperimentalWarning', script];
  const program = Program.start({ command: process.execPath, args });
  const port = await program.ready(() => /^\d+$/m.exec(program.words)?.[0]);
  return { port: Number(port), origin: `http://127.0.0.1:${port}`, program };
}

/** How the provider itself is asked: by the client directly, or by a proxy that leaves paths as they are. */
export function providerAddress({ script, protocol }: Call): Address {
  return {
    path: providerPath(script, protocol),
    headers: { authorization: 'Bearer sk-provider' },
    model: 'm',
    protocol,
  };
}
