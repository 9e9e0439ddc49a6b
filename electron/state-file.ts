import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

/** A small JSON file of the shell's own, in the data folder. */
export interface StateFile<State> {
  /** @returns what was kept; the schema's own values where there is no file, or none that can be read */
  read(): State;
  /** A crash leaves the old content or the new, never a mix. What cannot be kept, on a full disk say, is not. */
  write(state: State): void;
}

/** @param schema must take `{}` */
export function stateFile<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): StateFile<z.infer<Schema>> {
  return {
    read() {
      try {
        return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch {
        return schema.parse({});
      }
    },
    write(state) {
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        writeFileSync(`${path}.new`, `${JSON.stringify(state)}\n`, { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch {
        // Neither a place on the screen nor a wish is worth an error in the middle of something else.
      }
    },
  };
}
