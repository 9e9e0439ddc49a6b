import { type LogEntry, logFiles, readLog } from '../../log-reader.ts';
import * as contract from './contract.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers } from './schemas.ts';
import { isoTime } from './values.ts';

const DEFAULT_LIMIT = 200;

/** As pino numbers them. */
const LEVELS: Readonly<Record<contract.LogLine['level'], number>> = {
  ...{ debug: 20, info: 30, warn: 40, error: 50, fatal: 60 },
};

export function logRoutes(app: AdminApp, { system }: AdminParts): void {
  app.get(
    '/logs',
    {
      schema: {
        summary: 'The latest lines of the log, newest first',
        querystring: contract.LogsQuery,
        response: answers(contract.Logs),
      },
    },
    async ({ query }) => {
      const { level = 'debug', limit = DEFAULT_LIMIT } = query;
      const files = await logFiles(system.dataDir);
      const entries = await readLog(files, { from: LEVELS[level], limit });
      return { data: entries.map(logLine), file: files[0] ?? null };
    },
  );
}

export function logLine({ at, level, message, fields }: LogEntry): contract.LogLine {
  return { at: isoTime(at), level: nameOf(level), message, fields };
}

/** The gravest name that the number reaches; a finer one than debug is debug. */
function nameOf(level: number): contract.LogLine['level'] {
  const names = Object.entries(LEVELS) as [contract.LogLine['level'], number][];
  return names.findLast(([, number]) => level >= number)?.[0] ?? 'debug';
}
