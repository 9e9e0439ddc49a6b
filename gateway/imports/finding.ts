/** What a look at another tool's settings brings: providers that could be taken over, and what is left where it is. */
import type { ProviderKind } from '../providers/provider-kinds.ts';
import type { SourceId } from './source-ids.ts';

/** A model as it would be published. */
export interface ImportedModel {
  /** Its public id. */
  id: string;
  /** What the provider calls it. */
  upstream: string;
}

/** A provider that could be taken over. */
export interface Finding {
  /** Where it stands in its source, such as `Providers[2]`: the same at every look. */
  id: string;
  source: SourceId;
  /** What to call it. */
  name: string;
  kind: ProviderKind;
  /** Checked, without an endpoint's path. */
  baseUrl: string;
  /** Null where none is needed. It goes from here into the vault, and nowhere else. */
  credential: string | null;
  /** Sent with every call; no credential among them. */
  headers: Record<string, string>;
  /** For people: files as they write them, with the field or variable. */
  places: string[];
  models: ImportedModel[];
  /** What is not taken over, or is good to know; a sentence each. */
  notes: string[];
}

/** Something that was found and is not taken over. No text of it holds a credential. */
export interface Left {
  what: string;
  place: string;
  /** A sentence. */
  why: string;
}

export interface Looked {
  findings: Finding[];
  left: Left[];
  /** Files that were not understood: which, in what line, and what is wrong. */
  problems: string[];
}
