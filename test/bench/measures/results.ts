/** What was measured, before anything is made of it. */
import type { Case } from '../cases.ts';
import type { Load } from '../client/load.ts';
import type { SideName } from '../sides/side.ts';

export interface Round extends Load {
  /** CPU time of the side for one answer, in milliseconds; NaN until its next round begins. */
  cpu: number;
  /** Resident memory when the round ended, in bytes. */
  resident: number;
}

export interface CaseResult {
  case: Case;
  /** By entry: its rounds, with nothing where it sat one out. */
  rounds: ReadonlyMap<string, readonly (Round | undefined)[]>;
  /** What one JSON.parse of the request's body took, once for each round, in milliseconds. */
  parse: readonly number[];
}

export interface SideResult {
  /** Each start, from the process to the first answer, in milliseconds. */
  starts: readonly number[];
  /** Resident memory before any load, in bytes. */
  idleBytes: number;
  /** The same CPU time, in milliseconds for each millisecond, when nothing is asked. */
  idleCpu: number;
}

export interface Results {
  sides: ReadonlyMap<SideName, SideResult>;
  cases: readonly CaseResult[];
}
