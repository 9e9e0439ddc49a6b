/** What a stranger may write: one line of plain text, bounded. */

/** Why a text is refused, for people; null where it is fine. */
export type Refusal = string | null;

/** More marks on one letter than any script needs: text that spills over its neighbours. */
const MOST_MARKS = 4;
const PILED = new RegExp(`\\p{M}{${MOST_MARKS + 1}}`, 'u');

/**
 * Control characters, those that turn the direction of text or cannot be seen, line ends, and what no script has.
 * Joiners stay: Persian and the scripts of India are not written without them.
 */
const UNSEEN =
  /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}|[\u115f\u1160\u3164\uffa0\u2800]/u;

/** NFC, one space between words, none around. */
export function tidied(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{Zs}+/gu, ' ')
    .trim();
}

/** @param text as `tidied` gives it. @param what as a sentence begins: “The name” */
export function refusePlainText(text: string, what: string, most: number): Refusal {
  if ([...text].length > most) return `${what} may have ${most} characters at most.`;
  if (UNSEEN.test(text))
    return `${what} has characters that cannot be seen, or that turn its direction. Type it anew.`;
  if (PILED.test(text)) return `${what} has too many marks on one letter.`;
  if (/[<>]/.test(text)) return `${what} must be plain words, without < and >.`;
  return null;
}
