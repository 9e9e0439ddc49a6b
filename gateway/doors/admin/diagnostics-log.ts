import type { LogEntry } from '../../log-reader.ts';
import { logLine } from './logs.ts';

/** Fields of log lines that hold words of this program alone. */
const LOGGED_WORDS = ['kind', 'reason'];

/** Of the fields only words of this program and the place of an error; a notice's text names files. */
export function plainLine(entry: LogEntry) {
  const { at, level, message, fields } = logLine(entry);
  const words = LOGGED_WORDS.flatMap((name) => {
    const word = wordOrNull(fields[name]);
    return word === null ? [] : [[name, word] as const];
  });
  const error = placeOf(fields.err);
  return {
    ...{ at, level, message: fields.kind === undefined ? message : '' },
    ...Object.fromEntries(words),
    ...(error === null ? {} : { error }),
  };
}

function placeOf(error: unknown): Record<string, unknown> | null {
  if (typeof error !== 'object' || error === null) return null;
  const { type, code, stack, cause } = error as Record<string, unknown>;
  return {
    type: wordOrNull(type),
    code: wordOrNull(code),
    stack: typeof stack === 'string' ? stack.split('\n').map((frame) => frame.trim()) : [],
    ...(cause === undefined ? {} : { cause: placeOf(cause) }),
  };
}

/** A word as this program gives them to codes and names of errors; whatever else stands there is left out. */
export function wordOrNull(value: unknown): string | null {
  return typeof value === 'string' && /^\w{1,60}$/.test(value) ? value : null;
}
