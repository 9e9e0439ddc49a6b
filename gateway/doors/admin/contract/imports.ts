import { z } from 'zod';
import { SOURCE_IDS } from '../../../imports/source-ids.ts';
import { Id, Name } from './common.ts';
import { ProviderKind } from './providers.ts';

/** Where providers and keys may be set up already. */
export const ImportSourceId = z.enum(SOURCE_IDS);
export type ImportSourceId = z.infer<typeof ImportSourceId>;

export const ImportSource = z.object({
  id: ImportSourceId,
  label: z.string(),
  /** A sentence: what a look reads. */
  looksAt: z.string(),
  /** `chosen`: a look needs the text of a file. `own`: it knows its files. `none`: there is no file. */
  file: z.enum(['chosen', 'own', 'none']),
  /** Whether something of it is on this computer; nothing was read for that. False for `chosen`. */
  isThere: z.boolean(),
  /** Its files that are there, as people write them. */
  files: z.array(z.string()),
});
export type ImportSource = z.infer<typeof ImportSource>;

export const ImportSourceList = z.object({ data: z.array(ImportSource) });
export type ImportSourceList = z.infer<typeof ImportSourceList>;

const FileText = z.string().max(2_000_000, 'That is too large for settings.');

export const ImportLook = z.strictObject({
  /** Of the file that was chosen, for a source that wants one. */
  text: FileText.optional(),
  /** `NAME=value` lines for what the settings refer to; else the gateway's own environment. */
  variables: FileText.optional(),
});
export type ImportLook = z.infer<typeof ImportLook>;

const KnownProvider = z.object({ id: Id, name: z.string() });

/** A provider that could be taken over. Its key is not told. */
export const ImportFinding = z.object({
  id: z.string(),
  name: z.string(),
  kind: ProviderKind,
  baseUrl: z.string(),
  hasKey: z.boolean(),
  /** The key's last characters; empty for none, and for a short one. */
  keyHint: z.string(),
  /** Names of headers that are sent with every call. */
  headers: z.array(z.string()),
  /** Where it stands, as people write it. */
  places: z.array(z.string()),
  /** By the names that clients would use, and what the provider calls them. */
  models: z.array(z.object({ id: z.string(), upstream: z.string() })),
  /** What is not taken over, a sentence each. */
  notes: z.array(z.string()),
  /** The provider with this address and key that is there already. */
  known: KnownProvider.nullable(),
  /** Changes when what would be taken over does. */
  mark: z.string(),
});
export type ImportFinding = z.infer<typeof ImportFinding>;

export const ImportLooked = z.object({
  findings: z.array(ImportFinding),
  /** What is not taken over, and why. */
  left: z.array(z.object({ what: z.string(), place: z.string(), why: z.string() })),
  /** Files that were not understood: which, where in it, and what is wrong. */
  problems: z.array(z.string()),
});
export type ImportLooked = z.infer<typeof ImportLooked>;

/** Takes one over, as it was at the look. */
export const ImportTake = z.strictObject({
  ...ImportLook.shape,
  finding: z.string().max(1_000),
  mark: z.string().max(100),
  /** Left out: the finding's, with a number where that is taken. */
  name: Name.optional(),
});
export type ImportTake = z.infer<typeof ImportTake>;

/** For a caller that looked itself, as `ntl` does. */
export const ImportKnownQuery = z.strictObject({
  providers: z
    .array(z.strictObject({ baseUrl: z.string().max(2_000), credential: z.string().max(16_384).nullable() }))
    .max(1_000),
});
export type ImportKnownQuery = z.infer<typeof ImportKnownQuery>;

/** For each in its order: the provider that has its address and its key; null for none. */
export const ImportKnown = z.object({ data: z.array(KnownProvider.nullable()) });
export type ImportKnown = z.infer<typeof ImportKnown>;
