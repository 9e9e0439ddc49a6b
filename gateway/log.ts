import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import roll from 'pino-roll';

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
  close(): void;
}

/** Logs to `<dataDir>/logs/ntl.N.log`, five files of 5 MB. */
export async function openLog(dataDir: string, level: LogLevel): Promise<GatewayLog> {
  const file = join(dataDir, 'logs', 'ntl.log');
  const stream = await roll({ file, size: '5m', limit: { count: 5 }, mkdir: true, mode: 0o600 });
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
  return { log, close: () => stream.end() };
}

/** Name, code and place of an error. Its message may quote what a provider or a client sent, so it stays out. */
function serializeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    stack: frames.slice(0, 8).join('\n'),
    ...(error.cause === undefined ? {} : { cause: serializeError(error.cause) }),
  };
}
