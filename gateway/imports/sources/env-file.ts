import { parseEnv } from 'node:util';
import { textsOf } from '../fields.ts';
import type { Source } from '../source.ts';
import { claimsOf } from '../variables.ts';

/** A file of `NAME=value` lines, read as Node.js reads it (https://nodejs.org/api/util.html#utilparseenvcontent). */
export const envFile: Source = {
  id: 'env-file',
  label: '.env file',
  looksAt: 'Variables such as OPENAI_API_KEY or ANTHROPIC_BASE_URL, in a file that you choose.',
  file: 'chosen',
  paths: () => [],
  look(view) {
    const file = view.chosen(parseEnv);
    if (file === null) return { claims: [], left: [] };
    return { claims: claimsOf(textsOf(file.content), (name) => `${file.shown}, ${name}`), left: [] };
  },
};
