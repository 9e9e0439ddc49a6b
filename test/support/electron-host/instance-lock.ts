import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Tells the instance that listens at a socket what the second one was started with. Ends with 0 where one listens. */
const TELL = `
const socket = require('node:net').connect(process.argv[1]);
socket.on('connect', () => socket.end(process.argv[2], () => process.exit(0)));
socket.on('error', () => process.exit(1));
`;

/** One instance for a folder, as Chromium's process singleton has it: the second tells the first and goes. */
export class InstanceLock {
  #server: Server | undefined;

  /** Synchronous, as `requestSingleInstanceLock` is. */
  acquire(folder: string, onSecond: (argv: string[]) => void): boolean {
    // A socket's path may be no longer than some hundred bytes.
    const socket = join(
      tmpdir(),
      `ntl-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}.sock`,
    );
    const told = spawnSync(process.execPath, ['-e', TELL, socket, JSON.stringify(process.argv)], {
      stdio: 'ignore',
    });
    if (told.status === 0) return false;
    rmSync(socket, { force: true });
    this.#server = createServer((other) => {
      let text = '';
      other.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      other.on('end', () => onSecond(JSON.parse(text)));
      other.on('error', () => undefined);
    });
    this.#server.listen(socket).unref();
    return true;
  }

  release(): void {
    this.#server?.close();
  }
}
