/** How a tool is set up by writing its files; data and small functions, one file a tool. */
import type { Entry } from '../editing/values.ts';
import { KEY_PLACEHOLDER, type Place } from '../recipe.ts';
import type { Machine, VsCode } from './machine.ts';

/** Of a settings file. `json` has no comments. `block:NAME` is lines between marks of that name. */
export type FormatName = 'json' | 'jsonc' | 'toml' | 'yaml' | 'dotenv' | `block:${string}`;

export interface SettingsFile {
  /** Absolute. */
  path: string;
  format: FormatName;
  /** What is ours in it; the key stands as KEY_PLACEHOLDER. */
  entries: Entry[];
}

/** What is looked for to know that the tool is there. Nothing is started. */
export interface Marks {
  /** Programs, by their names without an ending. */
  commands: readonly string[];
  /** Extensions of VS Code, by publisher and name. */
  extensions?: readonly string[];
  /** Folders and files of its own, absolute. */
  paths?: readonly string[];
}

/** Stands where the path of a run's own folder goes, which is gone after it. */
export const RUN_FOLDER = '{ntl-run}';

/** A start with none of the person's files written: the program and what it must be told. */
export interface Start {
  /** Null where the person names it: an SDK is part of a program of theirs. */
  command: string | null;
  /** Before what the person adds. */
  args?: readonly string[];
  /** The key stands as KEY_PLACEHOLDER. */
  env: Readonly<Record<string, string>>;
  /** For tools that take a settings file by its path: texts by name, in RUN_FOLDER. */
  files?: Readonly<Record<string, string>>;
}

export interface ToolSetup {
  /** As its recipe has it. */
  id: string;
  marks(machine: Machine): Marks;
  /** None where the tool keeps its settings in a store of its own. */
  files(machine: Machine, place: Place, found: Found): SettingsFile[];
  /** What is left to do by hand, a sentence each. */
  steps?(place: Place, found: Found, machine: Machine): string[];
  /** None where it can be started in no such way. */
  start?(place: Place): Start;
}

export interface FoundExtension {
  id: string;
  version: string | null;
  editor: VsCode;
}

/** Where a tool was found. */
export interface Found {
  /** Path of its program. */
  command: string | null;
  version: string | null;
  /** Extensions of VS Code that are there, of those looked for. */
  extensions: readonly FoundExtension[];
  /** VS Code and its kin, as far as they have settings here. */
  editors: readonly VsCode[];
  /** Whether a file or folder is there. */
  exists(path: string): boolean;
}

/** The key goes into no file: whoever connects is shown it once. */
export function isKeyByHand(files: readonly SettingsFile[]): boolean {
  return !JSON.stringify(files).includes(KEY_PLACEHOLDER);
}

/** Whether anything of the tool is on this computer. */
export function isInstalled(found: Found, { paths = [] }: Marks): boolean {
  return found.command !== null || found.extensions.length > 0 || paths.some((path) => found.exists(path));
}
