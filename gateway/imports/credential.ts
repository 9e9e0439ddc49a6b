/** What stands where a key belongs and is none that could be taken over. */

/** Any visible characters, as the vault's callers take them. */
const STORABLE = /^[\x21-\x7e]{1,16384}$/;

/** Where programs ask for a key and the server for none, people write these. */
const NO_KEY = new Set([
  ...['none', 'null', 'empty', 'dummy', 'fake', 'test', 'key', 'token', 'changeme', 'change-me', 'secret'],
  ...[
    'not-needed',
    'not_needed',
    'notneeded',
    'no-key',
    'no-key-required',
    'unused',
    'anything',
    'placeholder',
  ],
  ...['ollama', 'lm-studio', 'lmstudio', 'llama.cpp', 'vllm', 'sk-no-key-required', 'sk-1234', 'sk-', 'xxx'],
]);

/** `sk-xxx`, `sk-...`, `<your key>`, `your-api-key-here`, `{{KEY}}`. */
const TO_BE_FILLED_IN = [
  /^[<{[(]/,
  /^(sk|pk|gsk|key)?[-_]?(ant-|or-|proj-|v1-)?[x.*…]+$/i,
  /^(sk-)?(your|insert|enter|paste|replace)[-_ ]/i,
  /your[-_]?(\w{1,30}[-_])?(api[-_]?)?(key|token)/i,
  /(key|token)[-_]?here$/i,
];

/** Whether it stands for a key that somebody was to fill in, or that nobody needs. */
export function isPlaceholder(text: string): boolean {
  const word = text.toLowerCase();
  return NO_KEY.has(word) || TO_BE_FILLED_IN.some((pattern) => pattern.test(text.slice(0, 200)));
}

/**
 * Why a text is no credential to be taken over; undefined for one that is. A placeholder is told apart by
 * `isPlaceholder`.
 */
export function refusalOf(text: string): string | undefined {
  if (text.startsWith('ntl_live_'))
    return 'Its key is one of a NoTokenLimit gateway: that is where it leads already.';
  // Of `claude setup-token` and of logins: "sk-ant-oat01-…", "sk-ant-ort01-…".
  if (/^sk-ant-o[ar]t/.test(text)) return 'It is the login of a Claude subscription, which is no API key.';
  // A JSON Web Token is what a login gives; no provider's API key is one.
  if (/^eyJ[\w-]+\.eyJ/.test(text)) return 'It is the token of a login, which is no API key.';
  if (!STORABLE.test(text))
    return 'What stands where the key belongs has blanks or characters that no API key has.';
  return undefined;
}

const LONG_ENOUGH = 20;

/** Its last characters, for people to know it by; '' for one so short that they would tell much of it. */
export function hintOf(credential: string | null): string {
  return credential === null || credential.length < LONG_ENOUGH ? '' : `…${credential.slice(-4)}`;
}
