/** Ids of tool calls: every service has a rule of its own for them, and a conversation may have begun at another. */
import { createHash } from 'node:crypto';

export interface IdRule {
  fits: RegExp;
  /** Makes an id that fits from the letters and digits of a digest. */
  make(digest: string): string;
}

/** Anthropic: `^[a-zA-Z0-9_-]+$`; OpenAI: at most 40 characters in chat. Both together: one id fits everywhere. */
export const COMMON_IDS: IdRule = {
  fits: /^[a-zA-Z0-9_-]{1,40}$/,
  make: (digest) => `call_${digest.slice(0, 24)}`,
};

/** Mistral: https://docs.mistral.ai/capabilities/function_calling */
export const NINE_LETTERS: IdRule = { fits: /^[a-zA-Z0-9]{9}$/, make: (digest) => digest.slice(0, 9) };

/** @returns the id itself where it fits, else one made of it, the same each time */
export function fittingId(id: string, rule: IdRule): string {
  return rule.fits.test(id) ? id : rule.make(createHash('sha256').update(id).digest('hex'));
}
