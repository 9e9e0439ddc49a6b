import { expect, it, onTestFinished } from 'vitest';
import { isBuiltIn, Presets, untouched } from '../../gateway/catalogue/presets.ts';
import { openStore } from '../../gateway/store/store.ts';
import { tempDir } from '../store/support.ts';

it('come with the product, change, and are kept', async () => {
  const { db, close } = await openStore({ dataDir: tempDir() });
  onTestFinished(close);
  const presets = new Presets(db);
  expect(presets.list().map(({ id }) => id)).toEqual(['claudecode', 'cline', 'cursor', 'roocode']);
  expect(presets.get('cline')).toEqual(untouched('cline', 'Cline'));
  expect(presets.isChanged('cline')).toBe(false);

  const changed = {
    ...untouched('cline', 'Ours'),
    systemPrompt: 'p',
    parameters: { temperature: 0.1, stop: ['x'] },
  };
  presets.put(changed);
  presets.put({ ...untouched('zed', 'Zed'), defaultModel: 'm' });
  presets.put(untouched('aider', 'Aider'));
  const again = new Presets(db);
  expect(again.list()).toEqual(presets.list());
  expect(again.list().map(({ id }) => id)).toEqual([
    ...['claudecode', 'cline', 'cursor', 'roocode', 'aider', 'zed'],
  ]);
  expect(again.get('cline')).toEqual(changed);
  expect([again.isChanged('cline'), isBuiltIn('cline'), isBuiltIn('zed')]).toEqual([true, true, false]);

  again.remove('cline');
  again.remove('zed');
  const third = new Presets(db);
  expect(third.get('cline')).toEqual(untouched('cline', 'Cline'));
  expect(third.get('zed')).toBeUndefined();
});

it('are as they came once they are changed back by hand', async () => {
  const { db, close } = await openStore({ dataDir: tempDir() });
  onTestFinished(close);
  const presets = new Presets(db);
  presets.put({ ...untouched('cursor', 'Cursor'), systemPrompt: 'p' });
  presets.put(untouched('cursor', 'Cursor'));
  expect(presets.isChanged('cursor')).toBe(false);
});
