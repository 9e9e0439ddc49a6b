import type { ProviderKind } from '../providers/provider-kinds.ts';
import type { ImportedModel } from './finding.ts';

/** A key as settings give it: its text, what it refers to and what is not there, or why it is none. */
export type Key = { text: string } | { missing: string } | { why: string };

/** A provider as a source has it, before anything is made of it. */
export interface Claim {
  /** Where it stands, such as `Providers[2]`; no two of a source are the same. */
  id: string;
  /** What it is called there. */
  name?: string | undefined;
  /** What the source takes it for; an address that is known says more. */
  kind: ProviderKind;
  /** As it stands there; left out for the kind's own. */
  baseUrl?: string | undefined;
  /** Left out where there is none. */
  key?: Key | undefined;
  headers?: Readonly<Record<string, string>>;
  /** For people. */
  place: string;
  models?: readonly ImportedModel[];
  notes?: readonly string[];
}
