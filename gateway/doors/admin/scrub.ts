import { isIP } from 'node:net';
import { homedir, hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';

/** Where this program lies: file names below it tell nothing of the owner. */
const PROGRAM = dirname(dirname(dirname(import.meta.dirname)));

/** Names of one letter tell nobody anything, and would take all others apart. */
const SHORTEST_WORD = 2;

/**
 * What takes out of a text whatever may be somebody's: names that are given, addresses, e-mail addresses, keys, and
 * folders beyond this program's.
 * @param words such as members' names; found in any case, as whole words
 */
export function scrubber(words: readonly string[], dataDir: string): (text: string) => string {
  const own = [...words, hostname(), userName()].filter((word) => word.length >= SHORTEST_WORD);
  const places: [place: string, shown: string][] = [
    [dataDir, '<data>'],
    [PROGRAM, '<program>'],
    [homedir(), '<home>'],
  ];
  // Longer ones first: a name may hold another.
  const wordPattern = own.sort((a, b) => b.length - a.length).map(escaped);
  const named =
    wordPattern.length === 0 ? null : new RegExp(`${BEFORE}(?:${wordPattern.join('|')})${AFTER}`, 'giu');
  return (text) => {
    let left = text;
    for (const [place, shown] of places) left = left.replaceAll(place, shown);
    if (named !== null) left = left.replace(named, '<name>');
    return left
      .replace(URLS, (url) => (url.startsWith('file://') ? url : '<url>'))
      .replace(EMAILS, '<e-mail>')
      .replace(PATHS, '<path>')
      .replace(MAYBE_ADDRESSES, (part) => (isIP(part) === 0 ? part : '<address>'))
      .replace(KEYS, '<key>');
  };
}

const BEFORE = '(?<![\\p{L}\\p{N}])';
const AFTER = '(?![\\p{L}\\p{N}])';
const URLS = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)]+/gi;
const EMAILS = /[^\s"'<>()@:/]+@[^\s"'<>()@:/]+/g;
/** Absolute ones that are left: of Unix, of Windows, of a network share. */
const PATHS = /(?<![\w<>.-])(?:\/(?=[^\s/])|[A-Za-z]:\\|\\\\)[^\s"'()<>:]+/g;
/** Version numbers and times look like addresses too; isIP tells. */
const MAYBE_ADDRESSES = /(?:[0-9a-f]*:[0-9a-f:.]+)|(?:\d+(?:\.\d+){3})/gi;
/** Letters and digits mixed, longer than any word of ours. */
const KEYS = /\b(?:ntl_live_\w*|sk-[\w-]+|(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{24,})/g;

/** A user without an entry in the system's list has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
