/** How to point a tool at this gateway: the exact lines, for one machine and one model. */

/** Stands in every text where the key goes. */
export const KEY_PLACEHOLDER = 'ntl_live_YOUR_KEY';

/** Whose paths and shell the lines are for. */
export type System = 'linux' | 'macos' | 'windows';

/** What a tool must be told of a model to use it well. */
export interface ModelRoom {
  /** Tokens of input and output together. */
  contextWindow: number;
  /** Most tokens of one answer. */
  maxOutputTokens: number;
  /** Whether it takes pictures. */
  images: boolean;
}

/** A published model that a tool may offer in its own list. */
export interface OfferedModel extends ModelRoom {
  id: string;
}

/** What the lines are filled with. */
export interface Place extends ModelRoom {
  /** Where the tool reaches the gateway, without a slash at the end: `http://127.0.0.1:7411`. */
  origin: string;
  system: System;
  model: string;
  /** For the tool's side jobs. */
  smallModel: string;
  /** Published models, for tools that keep a list to choose from. */
  offered: readonly OfferedModel[];
}

/** The model itself, the one for side jobs, then the others there are. */
export function modelsToOffer({ model, smallModel, offered, ...place }: Place): OfferedModel[] {
  const { contextWindow, maxOutputTokens, images } = place;
  const own = { id: model, contextWindow, maxOutputTokens, images };
  const small = offered.find(({ id }) => id === smallModel) ?? { ...own, id: smallModel };
  const others = offered.filter(({ id }) => id !== model && id !== smallModel);
  return smallModel === model ? [own, ...others] : [own, small, ...others];
}

/** For lines to paste into a list of models: the chosen one, and no other. */
export function itsModelAlone(place: Place): Place {
  return { ...place, smallModel: place.model, offered: [] };
}

/** Within `json`, `toml` and `yaml` a whole file; within the shells, lines to type. */
export type Language = 'field' | 'json' | 'toml' | 'yaml' | 'shell' | 'powershell' | 'python' | 'typescript';

/** A piece to copy. */
export interface Block {
  /** The file's path, the form's field, or where to type it. */
  title: string;
  text: string;
  language: Language;
}

/** One of several ways to the same end; its blocks belong together, in their order. */
export interface Way {
  id: string;
  label: string;
  blocks: Block[];
}

export interface Note {
  tone: 'info' | 'warn';
  text: string;
}

export interface Recipe {
  id: string;
  label: string;
  group: 'agents' | 'editors' | 'code';
  /** A sentence: which protocol, and how it is set. */
  speaks: string;
  fields: ('model' | 'smallModel' | 'address')[];
  /** Names under which the audit log has its requests (`catalogue/tools.ts`); none where they cannot be told apart. */
  seenAs: readonly string[];
  notes(place: Place): Note[];
  ways(place: Place): Way[];
  /** What to do now, so that the first request comes. */
  firstRequest: string;
}

/** For tools that add `/chat/completions`, `/responses` or `/models` to what they are given. */
export function openaiBase({ origin }: Place): string {
  return `${origin}/api/v1`;
}

/** For tools that add `/v1/messages` to what they are given. */
export function anthropicBase({ origin }: Place): string {
  return `${origin}/api`;
}

/** For tools with a route of their own, where a preset applies and every kind of key works. */
export function presetBase({ origin }: Place, preset: string): string {
  return `${origin}/${preset}/v1`;
}
