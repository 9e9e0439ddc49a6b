import { type Refusal, refusePlainText } from './plain-text.ts';

const MOST_CHARACTERS = 60;

/** Letters with their marks, digits, and what stands in names of people, tools and machines. */
const NAME = /^(?:[\p{L}\p{M}\p{N} .,'’‘()&+/@#_·-]|\u200c|\u200d)+$/u;

/**
 * Scripts whose letters look alike, so that a word of two of them is made to deceive (Unicode TR 39, 5.1).
 */
const ALIKE_SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
];

/**
 * What a letter is taken for, as it is written: the letters of Unicode TR 39's confusables.txt that people can type, and
 * digits. Case matters: the Greek Ν is taken for an N, the small ν for a v.
 */
const TWINS: ReadonlyMap<string, string> = new Map([
  // Cyrillic
  ...pairs('АВЕКМНОРСТУХІЈЅӀԌԚԜҺ', 'abekmhopctyxljslgqwh'),
  ...pairs('авекмнорстухіјѕӏԁԛԝһгп', 'abekmhopctyxljsldqwhrn'),
  // Greek
  ...pairs('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ', 'abezhlkmnoptyxc'),
  ...pairs('αβεικνοπρτυχωηγσϲ', 'abelkvonptuxwnyoc'),
  // Armenian
  ...pairs('օսոհցԼՕՍ', 'ounhglou'),
  // Latin and digits among themselves
  ...pairs('01Ii|ıɑ', 'ollllla'),
]);

function pairs(letters: string, latin: string): [string, string][] {
  return [...letters].map((letter, index) => [letter, latin.charAt(index)]);
}

/** @param name as `tidied` gives it */
export function refuseName(name: string): Refusal {
  if (name === '') return 'Write your name.';
  const refusal = refusePlainText(name, 'The name', MOST_CHARACTERS);
  if (refusal !== null) return refusal;
  if (!NAME.test(name)) return 'The name may have letters, digits, spaces and the usual marks of names.';
  if (!/\p{L}/u.test(name)) return 'The name needs a letter.';
  const mixed = name
    .split(' ')
    .some((word) => ALIKE_SCRIPTS.filter((script) => script.test(word)).length > 1);
  return mixed ? 'The name mixes letters of several alphabets in one word. Write it in one.' : null;
}

/** What a name is taken for: as it reads whatever its case, and as it is drawn. */
export interface Look {
  read: string;
  drawn: string;
}

/** Case, accents, spaces and marks between the letters say nothing; a letter is what it is taken for. */
export function lookOf(name: string): Look {
  const bare = name.normalize('NFKD').replace(/[^\p{L}\p{N}|]/gu, '');
  const drawn = [...bare].map((letter) => TWINS.get(letter) ?? folded(letter)).join('');
  return {
    read: folded(bare),
    drawn: [...drawn]
      .map((letter) => TWINS.get(letter) ?? letter)
      .join('')
      .replaceAll('rn', 'm')
      .replaceAll('vv', 'w'),
  };
}

/** Whether two names can be taken for each other. */
export function looksLike(one: Look, other: Look): boolean {
  return one.read === other.read || one.drawn === other.drawn;
}

/** Without case; by way of the capitals, which make ss of ß. */
function folded(text: string): string {
  return text.toUpperCase().toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
}
