import { describe, expect, it } from 'vitest';
import { ask } from './support/ask.ts';
import { sharedPanel } from './support/shared-panel.ts';

const shared = sharedPanel();
const { open } = shared;

describe('a plan', () => {
  it('holds for its members from the next request on', async () => {
    const mia = await shared.gateway.member({ planId: 'free' });
    const page = await open('/members/plans');
    await page
      .getByRole('row', { name: /Free free 1 member 60 requests \/ 60 s 50 rows 7 days free/ })
      .click();
    const drawer = page.getByRole('dialog', { name: 'Plan Free' });
    await drawer.getByText('Holds for 1 member from the next request on.').waitFor();
    await drawer.getByRole('group', { name: 'Limit 1' }).getByLabel('Amount').fill('1');
    await drawer.getByLabel('Price a month').fill('4.50');
    await drawer.getByLabel('History').fill('731');
    await drawer.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('row', { name: /Free free 1 member 1 request \/ 60 s 50 rows 2 years \$4\.50/ })
      .waitFor();
    expect((await ask(shared.gateway, mia.key)).status).toBe(200);
    expect(await ask(shared.gateway, mia.key)).toEqual({ status: 429, code: 'rate_limit_minute' });
    const { body } = await shared.gateway.admin('GET', '/plans/free');
    expect(body).toMatchObject({
      requestsPerMinute: 1,
      priceMicros: 4_500_000,
      historyDays: 731,
      pageSizeCap: 50,
    });
  });

  it('of the owner’s own has the limits it was given', async () => {
    const page = await open('/members/plans');
    await page.keyboard.press('n');
    const drawer = page.getByRole('dialog', { name: 'Add plan' });
    await drawer.getByLabel('Name').fill('Night shift');
    for (const amount of ['5 M', '6 M']) {
      await drawer.getByRole('button', { name: 'Add limit' }).click();
      await drawer.getByLabel('Amount').last().fill(amount);
    }
    await drawer.getByRole('button', { name: 'Add plan' }).click();
    await drawer.getByText('This one is above already').waitFor();
    const second = drawer.getByRole('group', { name: 'Limit 2' });
    await second.getByLabel('For', { exact: true }).click();
    await page.getByRole('option', { name: 'ntl/echo' }).click();
    await drawer.getByRole('button', { name: 'Add plan' }).click();
    await drawer.waitFor({ state: 'detached' });
    const { body } = await shared.gateway.admin('GET', '/plans/night-shift');
    expect(body).toMatchObject({ name: 'Night shift', priceMicros: 0, requestsPerMinute: null });
    expect(body.limits).toEqual([
      {
        scope: 'plan',
        subjectId: 'night-shift',
        model: null,
        metric: 'tokens',
        windowSeconds: 86_400,
        amount: 5_000_000,
      },
      {
        scope: 'plan',
        subjectId: 'night-shift',
        model: 'ntl/echo',
        metric: 'tokens',
        windowSeconds: 86_400,
        amount: 6_000_000,
      },
    ]);
  });

  it('of a name that is taken is refused at the name, and nothing typed is lost', async () => {
    const page = await open('/members/plans?add=1', { refusals: true });
    const drawer = page.getByRole('dialog', { name: 'Add plan' });
    await drawer.getByLabel('Name').fill('Pro');
    await drawer.getByLabel('Price a month').fill('12');
    await drawer.getByRole('button', { name: 'Add plan' }).click();
    await drawer.getByText('There is a plan pro already.').waitFor();
    expect(await drawer.getByLabel('Price a month').inputValue()).toBe('12.00');
  });

  it('leads to its members, by link and back', async () => {
    const page = await open('/members/plans/enterprise');
    await page
      .getByRole('dialog', { name: 'Plan Enterprise' })
      .getByRole('button', { name: 'Cancel' })
      .click();
    await page.getByRole('link', { name: '1 member', exact: true }).first().click();
    await page.getByText('1 of 2 members').waitFor();
    await page.getByRole('link', { name: /^Plans/ }).click();
    await page.getByRole('row', { name: /^Pro/ }).waitFor();
  });
});
