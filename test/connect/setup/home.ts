/** A home of a person who has tools: a folder that goes away with the test. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { KeyDesk } from '../../../gateway/connect/setup/connection.ts';
import type { Machine } from '../../../gateway/connect/setup/machine.ts';

export class TestHome {
  readonly path = mkdtempSync(join(tmpdir(), 'ntl-home-'));

  machine(env: Record<string, string> = {}): Machine {
    return { system: 'linux', home: this.path, env: { SHELL: '/bin/bash', ...env } };
  }

  write(path: string, content: string | Buffer, mode = 0o644): string {
    const target = join(this.path, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    chmodSync(target, mode);
    return target;
  }

  read(path: string): string {
    return readFileSync(join(this.path, path), 'utf8');
  }

  /** Everything in it: bytes, links, modes. */
  state(): Record<string, string> {
    const names = readdirSync(this.path, { recursive: true, encoding: 'utf8' }).sort();
    return Object.fromEntries(names.map((name) => [name, this.#told(join(this.path, name))]));
  }

  #told(path: string): string {
    const stats = lstatSync(path);
    const mode = (stats.mode & 0o777).toString(8);
    if (stats.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
    return stats.isDirectory() ? `folder ${mode}` : `${mode} ${readFileSync(path, 'base64')}`;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Keys as a gateway makes them, in memory. */
export class TestKeys implements KeyDesk {
  readonly made: { id: string; name: string; key: string; live: boolean }[] = [];

  async make(name: string) {
    const id = String(this.made.length + 1);
    const key = `ntl_live_${id.padStart(40, 'k')}`;
    this.made.push({ id, name, key, live: true });
    return { id, key };
  }

  async isLive(id: string) {
    return this.made.some((one) => one.id === id && one.live);
  }

  async revoke(id: string) {
    for (const one of this.made) if (one.id === id) one.live = false;
  }
}
