import type { Writable } from 'node:stream';

/** Resolves when there is room again, and when there will be none: a client that hangs up never drains. */
export function drained(out: Writable): Promise<void> {
  return new Promise((resolve) => {
    const goOn = () => {
      out.off('drain', goOn);
      out.off('close', goOn);
      resolve();
    };
    out.on('drain', goOn);
    out.on('close', goOn);
  });
}
