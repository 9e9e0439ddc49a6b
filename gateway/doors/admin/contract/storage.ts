import { z } from 'zod';
import { Time } from './common.ts';

export const Backup = z.object({
  id: z.string(),
  at: Time,
  bytes: z.int(),
  /** What was there before a restore: the database of that moment, put aside. */
  replaced: z.boolean(),
});
export type Backup = z.infer<typeof Backup>;

export const Storage = z.object({
  dataDir: z.string(),
  /** The database with its write-ahead log. */
  databaseBytes: z.int(),
  /** Audit rows that are kept. */
  requestRows: z.int(),
  oldestRequestAt: Time.nullable(),
  /** Newest first. */
  backups: z.array(Backup),
  /** The backup that the next start takes; null where none waits. */
  restoring: z.string().nullable(),
  /** Whether a restore starts the gateway again by itself. */
  restartsItself: z.boolean(),
});
export type Storage = z.infer<typeof Storage>;

export const Restore = z.object({
  /** True: the gateway starts again now, with the backup. False: the backup waits for the next start. */
  restarting: z.boolean(),
});
export type Restore = z.infer<typeof Restore>;
