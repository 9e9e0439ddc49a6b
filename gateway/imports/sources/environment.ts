import type { Source } from '../source.ts';
import { claimsOf, hasVariables } from '../variables.ts';

/** The variables of the process: of the terminal for `ntl`, of the gateway for the panel. */
export const environment: Source = {
  id: 'environment',
  label: 'Environment variables',
  looksAt: 'Variables such as OPENAI_API_KEY, ANTHROPIC_BASE_URL or GEMINI_API_KEY.',
  file: 'none',
  paths: () => [],
  isThere: ({ env }) => hasVariables(env),
  look: ({ machine }) => ({ claims: claimsOf(machine.env, (name) => name), left: [] }),
};
