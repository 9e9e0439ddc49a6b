import { z } from 'zod';

/** What to do about a finding. */
const Mend = z.object({
  /** A sentence without its full stop. */
  text: z.string(),
  /** Words after `ntl`. */
  command: z.string().optional(),
  /** A place of the panel. */
  page: z.string().optional(),
});

/** What was tried of a tool, and how it is. */
export const ConnectFinding = z.object({
  check: z.string(),
  tool: z.string().nullable(),
  /** `bad` keeps the tool from working; `warn` may. */
  state: z.enum(['ok', 'warn', 'bad']),
  what: z.string(),
  mend: Mend.nullable(),
});
export type ConnectFinding = z.infer<typeof ConnectFinding>;

/** None for a tool whose settings say nothing of this gateway. */
export const ConnectFindings = z.object({ data: z.array(ConnectFinding) });
export type ConnectFindings = z.infer<typeof ConnectFindings>;

export const KeyOutlookQuery = z.strictObject({
  /** SHA-256 of the key, in hexadecimal: the key itself need not be sent. */
  keyHash: z.string().regex(/^[0-9a-f]{64}$/, 'Send the SHA-256 of the key in hexadecimal.'),
  /** That are asked for with it. */
  models: z.array(z.string().max(200)).max(50),
});
export type KeyOutlookQuery = z.infer<typeof KeyOutlookQuery>;

/** Goes on after the name of what has the key. `mend` is null where another key is the mend. */
const Trouble = z.object({
  check: z.string(),
  state: z.enum(['warn', 'bad']),
  what: z.string(),
  mend: Mend.nullable(),
});

/** How requests with a key would fare now. */
export const KeyOutlookAnswer = z.object({
  /** Null for a key that this gateway never made. */
  key: z.object({ id: z.string(), name: z.string(), prefix: z.string() }).nullable(),
  troubles: z.array(Trouble),
  models: z.array(z.object({ model: z.string(), troubles: z.array(Trouble) })),
});
export type KeyOutlookAnswer = z.infer<typeof KeyOutlookAnswer>;
