import { expect, it } from 'vitest';
import { ask } from '../../doors/member/ask.ts';
import { sharedPanel } from '../support/shared-panel.ts';

const shared = sharedPanel();

it('a member’s quotas by model are those its keys see, and follow a changed limit', async () => {
  const { gateway } = shared;
  const ada = await gateway.member({ name: 'Ada' });
  const limit = { scope: 'key', subjectId: ada.keyId, metric: 'requests', windowSeconds: 60 };
  await gateway.admin('PUT', '/limits', { ...limit, amount: 7 });
  const page = await shared.open(`/members/${ada.id}`);
  await page.getByRole('button', { name: 'By model' }).click();
  const drawer = page.getByRole('dialog', { name: 'What Ada may ask in a minute' });
  await drawer.getByRole('row', { name: 'ntl/echo requests 600 600' }).waitFor();
  await drawer.getByRole('button', { name: /^Key/ }).click();
  await page.getByRole('option', { name: 'test' }).click();
  await drawer.getByRole('row', { name: 'ntl/echo requests 7 600' }).waitFor();
  const { body } = await ask(gateway, '/openapi/v1/user/quota/list', { key: ada.key });
  expect(body.data).toMatchObject([{ quotaObject: 'ntl/echo', currentQuota: 7, defaultQuota: 600 }]);

  await gateway.admin('PUT', '/limits', { ...limit, amount: 9 });
  await drawer.getByRole('row', { name: 'ntl/echo requests 9 600' }).waitFor();
  await drawer.getByRole('searchbox', { name: 'Find model' }).fill('claude');
  await drawer.getByText('Nothing is limited by the minute').waitFor();
  await page.keyboard.press('Escape');
});
