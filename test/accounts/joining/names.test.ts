import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookOf, looksLike, refuseName } from '../../../gateway/accounts/joining/names.ts';
import { refusePlainText, tidied } from '../../../gateway/accounts/joining/plain-text.ts';

describe('a name', () => {
  it.each([
    'Sol',
    'Åsa Öberg',
    'O’Neil',
    "d'Arc",
    '李小龍',
    'Ольга',
    'Ελένη',
    'محمد',
    'می‌خواهم',
    'क्षेत्र',
    'R2',
    'build-agent #3',
    'Ng',
  ])('may be %s', (name) => {
    expect(refuseName(tidied(name))).toBeNull();
  });

  it.each([
    ['', /Write your name/],
    ['   ', /Write your name/],
    ['<b>Sol</b>', /without < and >/],
    ['Sol\u0000', /cannot be seen/],
    ['Sol\nAda', /cannot be seen/],
    ['Sol\u202Egro.elpmaxe', /cannot be seen/],
    ['Sol\u2066x', /cannot be seen/],
    ['S\u200Bol', /cannot be seen/],
    ['S\uFEFFol', /cannot be seen/],
    ['\u3164', /cannot be seen/],
    ['\u{E0041}Sol', /cannot be seen/],
    ['\uD800', /cannot be seen/],
    ['a\u0300\u0301\u0302\u0303\u0304\u0305', /too many marks/],
    ['12345', /needs a letter/],
    ['Sol; rm', /may have letters/],
    ['Sol "x"', /may have letters/],
    ['😀 Sol', /may have letters/],
    ['x'.repeat(61), /60 characters/],
    ['Sоl', /several alphabets/],
    ['Αda', /several alphabets/],
  ])('may not be %j', (name, why) => {
    expect(refuseName(tidied(name))).toMatch(why);
  });

  it('that is long is refused quickly', () => {
    const long = ['a', ' ', '\u0301', '.', '1'].map((letter) => letter.repeat(1_000));
    for (const name of long) expect(refuseName(tidied(name))).not.toBeNull();
  });

  it.each([
    ['Sol', 'sol'],
    ['Sol', 'SOL'],
    ['Sol', 'Sol.'],
    ['Sol', 'S o l'],
    ['Sol', 'So1'],
    ['Sol', 'SoI'],
    ['Sol', '5ol'.replace('5', 'S')],
    ['Sol', 'Ѕоӏ'],
    ['Sol', 'Söl'],
    ['Sol', 'Ｓｏｌ'],
    ['Max', 'Мах'],
    ['ANNA', 'ΑΝΝΑ'],
    ['Νίκος', 'ΝΙΚΟΣ'],
    ['Ольга', 'ОЛЬГА'],
    ['Straße', 'STRASSE'],
    ['André', 'andre'],
    ['Marnie', 'Mamie'],
    ['ﬁn', 'fin'],
    ['Mia', 'M-i-a'],
  ])('%s is taken for %s', (one, other) => {
    expect(looksLike(lookOf(tidied(one)), lookOf(tidied(other)))).toBe(true);
  });

  it.each([
    ['Sol', 'Sal'],
    ['Ada', 'Adam'],
    ['Mia', 'Mia 2'],
    ['李', '王'],
    ['Ольга', 'Олег'],
  ])('%s is not taken for %s', (one, other) => {
    expect(looksLike(lookOf(one), lookOf(other))).toBe(false);
  });

  it('is taken for itself whatever its case and the spaces around it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aäßijsl 1.оркαβγσρ李한') }), (name) => {
        expect(looksLike(lookOf(name), lookOf(name.toUpperCase()))).toBe(true);
        expect(lookOf(` ${name} `)).toEqual(lookOf(name));
      }),
    );
  });
});

describe('what is accepted of any text', () => {
  it('has no control character, no turned direction, no line end and no tag', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const told = tidied(text);
        if (refusePlainText(told, 'It', 40) !== null) return;
        expect(told).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029<>]/u);
      }),
      { numRuns: 500 },
    );
  });
});
