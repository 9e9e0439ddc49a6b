/** One of what is compared. */
import type { Address, Call } from '../calls.ts';

export const SIDE_NAMES = ['bare', 'ntl', 'portkey', 'ccr', 'nginx'] as const;
export type SideName = (typeof SIDE_NAMES)[number];

export interface Launch {
  command: string;
  args: readonly string[];
  /** Beside PATH and HOME, which every program gets. */
  environment?: Readonly<Record<string, string>>;
  cwd?: string;
}

export interface Side {
  name: SideName;
  /** As tables call it. */
  label: string;
  /** What it is and how it was set up, for the reader of the tables: one or two sentences. */
  note: string;
  port: number;
  /** Starts it, set up, with all its data where the last run left it. */
  launch: Launch;
  /** Where it takes such a call, or what comes nearest; null where it has no such thing. */
  address(call: Call): Address | null;
}

/** What a side needs to set itself up. */
export interface Ground {
  /** The scripted provider's. */
  origin: string;
  /** A free one, to listen on. */
  port: number;
  /** An empty folder of its own, removed at the end. */
  folder: string;
}

/** Sets a side up so that its launch can be started. @throws Skipped where it cannot be had on this machine */
export type Prepare = (ground: Ground) => Side | Promise<Side>;

/** Its message is told in place of figures. */
export class Skipped extends Error {}
