import { expect, it, onTestFinished } from 'vitest';
import { Settings } from '../../gateway/catalogue/settings.ts';
import { openStore } from '../../gateway/store/store.ts';
import { tempDir } from '../store/support.ts';

it('settings hold what was set, and their default until then', async () => {
  const store = await openStore({ dataDir: tempDir() });
  onTestFinished(() => store.close());
  const settings = new Settings(store.db);
  expect([settings.get('default_model'), settings.get('retention_days'), settings.get('metrics')]).toEqual([
    null,
    365,
    false,
  ]);
  settings.set('default_model', 'm');
  settings.set('retention_days', 30);
  settings.set('retention_days', 31);
  settings.write('metrics', true);
  expect(settings.get('metrics')).toBe(false);
  // A setting of a newer release.
  store.db.exec("INSERT INTO settings (key, value) VALUES ('of_tomorrow', '{}')");

  const again = new Settings(store.db);
  expect([again.get('default_model'), again.get('retention_days'), again.get('metrics')]).toEqual([
    'm',
    31,
    true,
  ]);
});
