import type { Machine } from '../connect/setup/machine.ts';
import type { Claim } from './claim.ts';
import type { Table } from './fields.ts';
import type { Left } from './finding.ts';
import type { SourceId } from './source-ids.ts';

/** The text of a file, and what to call it. */
export interface SourceText {
  /** As people write it. */
  shown: string;
  text: string;
}

/** A file that was read. */
export interface Settings {
  /** As people write its path. */
  shown: string;
  content: Table;
}

/**
 * What a source works on. Reading is done for it: sources are functions from settings to claims. A file that cannot be
 * read or is broken is told as a problem; the source goes on as if there were none.
 */
export interface View {
  machine: Machine;
  /**
   * A file of the source's own. @param read its text, which may throw BrokenSettings
   * @returns null where there is none
   */
  own(path: string, read: (text: string) => unknown): Settings | null;
  /** Whether there is a file of this path. */
  has(path: string): boolean;
  /** The file that was chosen; null where none was. */
  chosen(read: (text: string) => unknown): Settings | null;
  /** Variables that settings may refer to: those of a file that was chosen with them, then the environment's. */
  variable(name: string): string | undefined;
}

export interface Claims {
  claims: Claim[];
  left: Left[];
}

/** A place where other tools keep providers and keys. */
export interface Source {
  id: SourceId;
  /** For people. */
  label: string;
  /** A sentence: what is looked at. */
  looksAt: string;
  /** Whether somebody has to say which file. */
  file: 'chosen' | 'own' | 'none';
  /** Files that show that it is there, absolute. */
  paths(machine: Machine): string[];
  /** Whether something is there that is no file. */
  isThere?(machine: Machine): boolean;
  look(view: View): Claims;
}
