/** What `ntl doctor` found out of one thing it tried. */
export interface Finding {
  /** `bad` keeps something from working; `warn` may. */
  state: 'ok' | 'warn' | 'bad';
  /** A sentence: what was tried, and how it is. */
  what: string;
  /** What to do, where there is something to do. */
  mend: string | null;
}

export function ok(what: string): Finding {
  return { state: 'ok', what, mend: null };
}

export function warn(what: string, mend: string): Finding {
  return { state: 'warn', what, mend };
}

export function bad(what: string, mend: string): Finding {
  return { state: 'bad', what, mend };
}
