import { z } from 'zod';
import { Time } from './common.ts';

const LogLevel = z.enum(['debug', 'info', 'warn', 'error', 'fatal']);

export const LogsQuery = z.strictObject({
  /** This level and the graver ones; all unless given. */
  level: LogLevel.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
});
export type LogsQuery = z.infer<typeof LogsQuery>;

export const LogLine = z.object({
  at: Time,
  level: LogLevel,
  message: z.string(),
  /** What else stands on the line. */
  fields: z.record(z.string(), z.unknown()),
});
export type LogLine = z.infer<typeof LogLine>;

export const Logs = z.object({
  /** Newest first. */
  data: z.array(LogLine),
  /** The file that is written now; null where there is none. */
  file: z.string().nullable(),
});
export type Logs = z.infer<typeof Logs>;
