/** What was tried, how it is, and what to do: the same for `ntl doctor` and for the panel. */

export type FindingState = 'ok' | 'warn' | 'bad';

/** What to do. */
export interface Mend {
  /** A sentence without its full stop, which stands before the command where there is one. */
  text: string;
  /** Words after `ntl`. */
  command?: string | undefined;
  /** A place of the panel. */
  page?: string | undefined;
}

export interface Finding {
  /** What was looked at, for programs: `base-url`, `key`, `model` and so on. */
  check: string;
  /** As `ntl connect` calls it; null where it is of no one tool. */
  tool: string | null;
  /** `bad` keeps something from working; `warn` may. */
  state: FindingState;
  /** A sentence. Keys are told by their first letters. */
  what: string;
  mend: Mend | null;
}

type About = Pick<Finding, 'check'> & { tool?: string | null };

export function ok(about: About, what: string): Finding {
  return { tool: null, ...about, state: 'ok', what, mend: null };
}

export function warn(about: About, what: string, mend: Mend): Finding {
  return { tool: null, ...about, state: 'warn', what, mend };
}

export function bad(about: About, what: string, mend: Mend): Finding {
  return { tool: null, ...about, state: 'bad', what, mend };
}

/** Connecting writes address, key and model anew. */
export function connectAgain(tool: string, text = 'Set it up again'): Mend {
  return { text, command: `connect ${tool}`, page: `/connect/${tool}` };
}
