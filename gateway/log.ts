import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import type { SonicBoom } from 'sonic-boom';
import { openRollingFile } from './rolling-file.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

/** Requests are audited, not logged. Should an object with one of these ever come here, it goes out without them. */
const SECRET_PATHS = [
  'authorization',
  'cookie',
  'credential',
  'key',
  'apiKey',
  'password',
  'passphrase',
  'token',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export interface GatewayLog {
  log: Logger;
  /** Resolves once the last line is written, or lost to a full disk. */
  close(): Promise<void>;
}

const LIMITS = { fileBytes: 5_000_000, olderFiles: 5, maxWaitingBytes: 1024 * 1024 };

/**
 * Logs to `<dataDir>/logs/ntl.N.log`, the latest 5 MB, and five older files of as much.
 * @throws the error of node:fs when the file cannot be opened
 */
export async function openLog(dataDir: string, level: LogLevel): Promise<GatewayLog> {
  const stream = await openRollingFile({ dir: join(dataDir, 'logs'), name: 'ntl', ...LIMITS });
  // A full disk must not end the gateway: lines are lost until there is room again.
  stream.on('error', () => undefined);
  const log = pino(
    {
      level,
      redact: { paths: SECRET_PATHS, censor: '[secret]' },
      serializers: { err: serializeError },
      base: null,
    },
    stream,
  );
  return {
    log,
    close() {
      // A stream that has ended throws at whoever writes.
      log.level = 'silent';
      return end(stream);
    },
  };
}

function end(stream: SonicBoom): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve);
    stream.once('error', () => stream.destroy());
    stream.end();
  });
}

/** A log for a part that is opened before the log can be. What comes until then is told in other ways. */
export class LateLog {
  to: Logger | undefined;

  info(details: object, message: string): void {
    this.to?.info(details, message);
  }

  warn(details: object, message: string): void {
    this.to?.warn(details, message);
  }

  error(details: object, message: string): void {
    this.to?.error(details, message);
  }
}

/** Name, code and place of an error. Its message may quote what a provider or a client sent, so it stays out. */
function serializeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  // Behind the message: a line of it may look like a place.
  const { stack = '', message } = error;
  const said = stack.indexOf(message);
  const places = said === -1 ? stack : stack.slice(said + message.length);
  const frames = places.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    stack: frames.slice(0, 8).join('\n'),
    ...(error.cause === undefined ? {} : { cause: serializeError(error.cause) }),
  };
}
