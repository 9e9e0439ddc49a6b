import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Names } from '../../gateway/audit/names.ts';
import { Books } from '../quotas/books.ts';
import { tempDir } from '../store/support.ts';

it('gives each text one number for good', async () => {
  const dir = tempDir();
  const first = await Books.open(dir);
  const texts = ['m', 'M', '', 'é', 'a'.repeat(200), 'with \0 zero', "'; DROP TABLE names; --"];
  const ids = texts.map((text) => first.names.id(text));
  expect(new Set(ids).size).toBe(texts.length);
  expect(texts.map((text) => first.names.id(text))).toEqual(ids);
  await first.close();

  const second = await Books.open(dir);
  expect(texts.map((text) => second.names.find(text))).toEqual(ids);
  expect(ids.map((id) => second.names.text(id))).toEqual(texts);
  await second.close();
});

it('tells of a text or number it does not have', async () => {
  const { names, close } = withClose(await Books.open(tempDir()));
  expect(names.find('never seen')).toBeUndefined();
  expect(names.text(99)).toBeNull();
  expect(names.text(null)).toBeNull();
  await close();
});

it('cuts what is long, and finds it again', async () => {
  const { names, close } = withClose(await Books.open(tempDir()));
  const long = 'x'.repeat(5_000);
  const id = names.id(long);
  expect(names.text(id)).toBe('x'.repeat(200));
  expect(names.find(long)).toBe(id);
  expect(names.id(`${long}y`)).toBe(id);
  await close();
});

it('takes any text', async () => {
  const { names, store, close } = withClose(await Books.open(tempDir()));
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (a, b) => {
      for (const text of [a, b]) {
        const id = names.id(text);
        expect(names.find(text)).toBe(id);
        expect(new Names(store.db).id(text)).toBe(id);
      }
    }),
  );
  await close();
});

function withClose(books: Books) {
  return { names: books.names, store: books.store, close: () => books.close() };
}
