/**
 * What every vault can hold, so that moving from one kind to another loses nothing. The native
 * keychain calls cut a text at its first NUL and cannot hold an empty one; text that is not
 * well-formed Unicode would come back changed.
 * @throws TypeError naming the part at fault, never its value
 */
export function assertStorable(account: string, secret?: string): void {
  assertText('account', account);
  if (secret !== undefined) assertText('credential', secret);
}

function assertText(part: string, text: string): void {
  if (text === '') throw new TypeError(`The ${part} must not be empty.`);
  if (text.includes('\0')) throw new TypeError(`The ${part} must not hold a NUL character.`);
  if (!text.isWellFormed()) throw new TypeError(`The ${part} must be well-formed Unicode.`);
}
