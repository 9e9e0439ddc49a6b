import { describe, expect, it } from 'vitest';
import { seriousFindings } from '../support/accessibility.ts';
import { sharedPanel } from '../support/shared-panel.ts';
import { furnish, type Studio } from '../support/studio.ts';

let studio: Studio;
const shared = sharedPanel(async (gateway) => {
  studio = await furnish(gateway);
});

const SCHEMES = ['light', 'dark'] as const;

const DRAWERS = [
  ['a new member', () => '/members', 'Add member'],
  ['who asks to join', () => '/members', 'Approve Sol'],
  ['a plan', () => '/members/plans?add=1', 'Add limit'],
  ['a limit', () => `/members/${studio.members.Ada}`, 'Add limit'],
  ['what a member may use', () => `/members/${studio.members.Ada}`, 'Edit'],
  ['a grant', () => `/members/${studio.members.Ada}`, 'Grant…'],
  ['a new key', () => '/keys', 'New key'],
  ['a key', () => `/keys?key=${studio.keys[0]?.id}`, 'Add limit'],
] as const;

describe('everybody can use', () => {
  it.each(DRAWERS)(
    'the drawer of %s, light and dark',
    async (_, path, button) => {
      const page = await shared.open(path());
      await page.getByRole('button', { name: button, exact: true }).click();
      await page.getByRole('dialog').waitFor();
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        expect(await seriousFindings(page, '[role="dialog"]')).toEqual([]);
      }
    },
    60_000,
  );

  it('the rows by keyboard alone', async () => {
    const page = await shared.open('/members');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Ada Active' }).waitFor();
    await page.keyboard.press('n');
    await page.getByRole('dialog', { name: 'Add limit for Ada' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('k');
    await page.getByRole('heading', { name: 'Keys' }).waitFor();
    expect(page.url()).toContain('#/keys');
  });
});
