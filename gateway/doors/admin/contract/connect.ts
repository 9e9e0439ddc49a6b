import { z } from 'zod';
import { Id, Time } from './common.ts';
import { ModelId } from './models.ts';

export { KEY_PLACEHOLDER } from '../../../connect/recipe.ts';

export const ConnectGroup = z.enum(['agents', 'editors', 'code']);
export type ConnectGroup = z.infer<typeof ConnectGroup>;

/**
 * What a recipe can be filled with: a model, a small, fast one for the tool's side jobs, and a public address where
 * the tool cannot do with the one the gateway listens at.
 */
export const ConnectField = z.enum(['model', 'smallModel', 'address']);
export type ConnectField = z.infer<typeof ConnectField>;

const Tool = {
  id: z.string(),
  label: z.string(),
  group: ConnectGroup,
  /** A sentence: which protocol, and what follows from it. */
  speaks: z.string(),
  fields: z.array(ConnectField),
  /** Names that audit rows give it; none where its requests cannot be told apart. */
  seenAs: z.array(z.string()),
  /** Whether `…/setup` knows it. */
  setUp: z.boolean(),
  /** Last request that was known as this tool's, by its route or its user agent; null for none. */
  lastSeenAt: Time.nullable(),
};

export const ConnectTool = z.object(Tool);
export type ConnectTool = z.infer<typeof ConnectTool>;

export const ConnectToolList = z.object({ data: z.array(ConnectTool) });
export type ConnectToolList = z.infer<typeof ConnectToolList>;

/** Where a tool might reach the gateway, such as `https://ntl.example.net`. */
const Address = z.url({
  protocol: /^https?$/,
  error: 'Write an address such as https://ntl.example.net.',
});

export const ConnectQuery = z.strictObject({
  /** Left out: `auto` where the owner chose a default model, else the first model there is. */
  model: ModelId.optional(),
  /** Left out: the model. */
  smallModel: ModelId.optional(),
  /** Where the tool reaches the gateway, such as `https://ntl.example.net`; left out: where it listens. */
  address: Address.optional(),
});
export type ConnectQuery = z.infer<typeof ConnectQuery>;

export const ConnectNote = z.object({ tone: z.enum(['info', 'warn']), text: z.string() });
export type ConnectNote = z.infer<typeof ConnectNote>;

/**
 * `field` is a value for a form: the title names the form's field. The others are whole texts of a file, or
 * lines for a terminal; the title says which file.
 */
export const ConnectLanguage = z.enum([
  ...(['field', 'json', 'toml', 'yaml', 'shell', 'powershell', 'python', 'typescript'] as const),
]);
export type ConnectLanguage = z.infer<typeof ConnectLanguage>;

export const ConnectBlock = z.object({ title: z.string(), text: z.string(), language: ConnectLanguage });
export type ConnectBlock = z.infer<typeof ConnectBlock>;

/** One of several ways to the same end; its blocks belong together, in their order. */
export const ConnectWay = z.object({ id: z.string(), label: z.string(), blocks: z.array(ConnectBlock) });
export type ConnectWay = z.infer<typeof ConnectWay>;

const Room = {
  /** In tokens; where nobody knows, what most of today's take. */
  contextWindow: z.int(),
  maxOutputTokens: z.int(),
  images: z.boolean(),
};

export const ConnectRecipe = z.object({
  ...Tool,
  /** Filled in, as asked for or chosen. */
  model: z.string(),
  smallModel: z.string(),
  /** Where the texts say that the gateway is. */
  address: z.string(),
  ...Room,
  /** What else is published, for tools that keep a list to choose from: the first 50. */
  offered: z.array(z.object({ id: z.string(), ...Room })),
  notes: z.array(ConnectNote),
  ways: z.array(ConnectWay),
  /** What to do now so that the tool sends its first request. */
  firstRequest: z.string(),
});
export type ConnectRecipe = z.infer<typeof ConnectRecipe>;

export const ConnectReachQuery = z.strictObject({
  /** Left out: where it listens. */
  address: Address.optional(),
});

/** Whether an address leads to this gateway, tried out from here. */
export const ConnectReach = z.object({
  address: z.string(),
  verdict: z.enum(['here', 'another', 'silent', 'nowhere']),
  latencyMs: z.int().nullable(),
  /** For people. */
  message: z.string(),
});
export type ConnectReach = z.infer<typeof ConnectReach>;

/** `gap` stands for lines that stay as they are. */
export const ConnectLine = z.object({ kind: z.enum(['same', 'added', 'removed', 'gap']), text: z.string() });
export type ConnectLine = z.infer<typeof ConnectLine>;

/** What writing does to one of the tool's files. Secrets are shown by their first letters. */
export const ConnectFile = z.object({
  /** As people write it: `~/.claude/settings.json`. */
  path: z.string(),
  state: z.enum(['new', 'changes', 'stays', 'goes']),
  lines: z.array(ConnectLine),
  added: z.int(),
  removed: z.int(),
});
export type ConnectFile = z.infer<typeof ConnectFile>;

/** How a tool is set up by writing its own files, on the computer that the gateway runs on. */
export const ConnectSetup = z.object({
  installed: z.boolean(),
  version: z.string().nullable(),
  /** Its program's path; `VS Code` for an extension. */
  where: z.string().nullable(),
  /** What was written; null where nothing is. */
  connected: z
    .object({ at: Time, model: z.string(), smallModel: z.string(), address: z.string(), keyId: z.string() })
    .nullable(),
  /** All is written as asked, with a key that is good. */
  settled: z.boolean(),
  /** None where the tool keeps its settings in a store of its own. */
  files: z.array(ConnectFile),
  /** The key is in none of them: it is shown once, to be entered by hand. */
  keyByHand: z.boolean(),
  /** What is left to do, a sentence each. */
  steps: z.array(z.string()),
  /** The same from a terminal, as `ntl` is called on this install. */
  command: z.object({
    blocks: z.array(ConnectBlock),
    /** Where the command comes from. */
    note: z.string(),
  }),
  /** Why nothing can be written: the file, the line and what is wrong; null where all can. */
  problem: z.string().nullable(),
});
export type ConnectSetup = z.infer<typeof ConnectSetup>;

/** For whom the key is; left out: the owner. */
export const ConnectWish = z.strictObject({ ...ConnectQuery.shape, memberId: Id.optional() });
export type ConnectWish = z.infer<typeof ConnectWish>;

export const ConnectWritten = z.object({
  ...ConnectSetup.shape,
  /** This once, and only where the tool must be told it by hand. */
  key: z.string().nullable(),
});
export type ConnectWritten = z.infer<typeof ConnectWritten>;

export const ConnectUndone = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      /** To the byte; else the file had changed, and our entries were taken out of it. */
      exact: z.boolean(),
      /** Values of ours that somebody changed, and that stay. */
      kept: z.array(z.string()),
    }),
  ),
  /** Files that could not be put back, and why. */
  failures: z.array(z.string()),
});
export type ConnectUndone = z.infer<typeof ConnectUndone>;
