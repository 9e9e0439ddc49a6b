/** What single models of Google take (https://ai.google.dev/gemini-api/docs/thinking, /thought-signatures). */

export interface GeminiFacts {
  /** Takes `thinkingLevel`; others `thinkingBudget` alone. */
  levels: boolean;
  /** Thinking cannot be turned off. */
  alwaysThinks: boolean;
  /** Calls of the turn that is going on must carry their `thoughtSignature`. */
  needsSignatures: boolean;
}

export const GEMINI_MODELS = [
  'gemini-2.5-flash',
  'gemini-2.5-pro',
  'gemini-3-flash-preview',
  'gemini-3.1-pro-preview',
] as const;

export function geminiFacts(model: string): GeminiFacts {
  const third = /^gemini-[3-9]/.test(model);
  return { levels: third, alwaysThinks: /pro/.test(model), needsSignatures: third };
}
