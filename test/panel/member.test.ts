import { describe, expect, it } from 'vitest';
import { ask } from './support/ask.ts';
import { sharedPanel } from './support/shared-panel.ts';

const shared = sharedPanel();
const { open } = shared;

function pageOf(id: string): string {
  return `/members/${id}`;
}

describe('a member’s state', () => {
  it('suspended refuses its keys at once, resumed lets them in again', async () => {
    const ada = await shared.gateway.member({ name: 'Ada' });
    const page = await open(pageOf(ada.id));
    await page.getByRole('button', { name: 'Suspend…' }).click();
    const question = page.getByRole('dialog', { name: 'Suspend Ada?' });
    await question.getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('heading', { name: 'Ada Suspended' }).waitFor();
    expect(await ask(shared.gateway, ada.key)).toEqual({ status: 403, code: 'suspended' });
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('heading', { name: 'Ada Active' }).waitFor();
    expect((await ask(shared.gateway, ada.key)).status).toBe(200);
  });

  it('disabled refuses its keys; deleted revokes them and leaves the requests', async () => {
    const old = await shared.gateway.member({ name: 'Old laptop' });
    await ask(shared.gateway, old.key);
    const page = await open(pageOf(old.id));
    const menu = page.getByRole('button', { name: 'Actions for Old laptop' });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Disable…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('heading', { name: 'Old laptop Disabled' }).waitFor();
    expect(await ask(shared.gateway, old.key)).toEqual({ status: 403, code: 'access_disabled' });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    const question = page.getByRole('dialog', { name: 'Delete Old laptop?' });
    await question.getByText('Its 1 key stops working at once').waitFor();
    await question.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Members' }).waitFor();
    await page.getByText('Old laptop').waitFor({ state: 'detached' });
    expect(await ask(shared.gateway, old.key)).toEqual({ status: 401, code: 'key_revoked' });
    expect((await shared.gateway.rows(`&memberId=${old.id}`)).length).toBeGreaterThan(0);
  });

  it('of the owner stays: what the gateway says to that is shown', async () => {
    const page = await open(pageOf('1'), { refusals: true });
    await page.getByRole('button', { name: 'Actions for Owner' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText("The owner's own member cannot be deleted.").waitFor();
    await page.getByRole('heading', { name: 'Limits' }).waitFor();
    expect((await ask(shared.gateway, shared.gateway.key)).status).toBe(200);
  });

  it('of nobody says so', async () => {
    const page = await open(pageOf('999'), { refusals: true });
    await page.getByText('There is no such member').waitFor();
  });
});

describe('a member’s limit', () => {
  it('is set in place of the plan’s, refuses, is told as it stands, and is lifted', async () => {
    const mika = await shared.gateway.member({ name: 'Mika' });
    const page = await open(pageOf(mika.id));
    await page.getByRole('row', { name: /Requests \/ 60 s All models 0 .*600 .*plan Pro/ }).click();
    const drawer = page.getByRole('dialog', { name: 'Requests / 60 s for Mika alone' });
    await drawer.getByText('it replaces what plan Pro allows: 600 requests / 60 s').waitFor();
    await drawer.getByLabel('At most').fill('one');
    await drawer.getByRole('button', { name: 'Set for Mika' }).click();
    await drawer.getByText('This is no amount.').waitFor();
    await drawer.getByLabel('At most').fill('1');
    await drawer.getByRole('button', { name: 'Set for Mika' }).click();
    await page.getByRole('row', { name: /Requests \/ 60 s All models 0 .*1 .*Mika/ }).waitFor();

    expect((await ask(shared.gateway, mika.key)).status).toBe(200);
    expect(await ask(shared.gateway, mika.key)).toEqual({ status: 429, code: 'rate_limit_minute' });
    // The page follows what happens: the limit is full, and the refusal is counted and linked.
    const row = page.getByRole('row', { name: /Requests \/ 60 s All models 1 .*1 .*Mika/ });
    await row.waitFor();
    await expect.poll(() => row.getByRole('meter').getAttribute('aria-valuenow')).toBe('100');
    const refused = page.getByRole('link', { name: '1, all rate_limit_minute' });
    await refused.waitFor();
    expect(await refused.getAttribute('href')).toBe(`#/audit?memberId=${mika.id}&outcome=refused`);

    await row.click();
    await page.getByRole('button', { name: 'Lift…' }).click();
    const question = page.getByRole('dialog', { name: 'Lift 1 request / 60 s for Mika?' });
    await question.getByText('Then plan Pro holds again: 600 requests / 60 s.').waitFor();
    await question.getByRole('button', { name: 'Lift' }).click();
    await page.getByRole('row', { name: /600 .*plan Pro/ }).waitFor();
    expect((await ask(shared.gateway, mika.key)).status).toBe(200);
  });

  it('holds for one model beside the others', async () => {
    const jun = await shared.gateway.member({ name: 'Jun' });
    const page = await open(pageOf(jun.id));
    await page.keyboard.press('n');
    const drawer = page.getByRole('dialog', { name: 'Add limit for Jun' });
    await drawer.getByText('30 d').click();
    await drawer.getByLabel('For').click();
    await page.getByRole('option', { name: 'ntl/echo' }).click();
    await drawer.getByLabel('At most').fill('2.5 k');
    await drawer.getByText('2,500 tokens').waitFor();
    await drawer.getByText('It holds beside the others; the tightest counts.').waitFor();
    await drawer.getByRole('button', { name: 'Add limit' }).click();
    await page.getByRole('row', { name: /Tokens \/ 30 d ntl\/echo 0 .*2,500 .*Jun/ }).waitFor();
    const { body } = await shared.gateway.admin('GET', `/limits?scope=member&subjectId=${jun.id}`);
    expect(body.data).toMatchObject([
      { metric: 'tokens', windowSeconds: 2_592_000, model: 'ntl/echo', amount: 2_500 },
    ]);
  });
});

describe('a member’s balance', () => {
  it('pays for what is sent once it is prepaid and granted something, and the ledger says for what', async () => {
    const noor = await shared.gateway.member({ name: 'Noor' });
    const page = await open(pageOf(noor.id));
    await page.getByLabel('Prepaid').click();
    await page
      .getByRole('dialog', { name: 'Make Noor prepaid?' })
      .getByRole('button', { name: 'Make prepaid' })
      .click();
    await page.getByText('Nothing was granted yet').waitFor();
    expect(await ask(shared.gateway, noor.key)).toEqual({ status: 402, code: 'insufficient_balance' });

    await page.getByRole('button', { name: 'Grant…' }).click();
    const drawer = page.getByRole('dialog', { name: 'Grant to Noor' });
    await drawer.getByLabel('Amount').fill('1 M');
    await drawer.getByText('Then 1,000,000 tokens.').waitFor();
    await drawer.getByLabel('Note').fill('Release week');
    await drawer.getByRole('button', { name: 'Grant', exact: true }).click();
    await page.getByRole('row', { name: /Grant Release week \+1,000,000 1,000,000/ }).waitFor();

    expect((await ask(shared.gateway, noor.key)).status).toBe(200);
    const { body } = await shared.gateway.admin('GET', `/members/${noor.id}/ledger`);
    const left = body.balance.tokens.toLocaleString('en-US');
    const charge = (-body.data[0].tokens).toLocaleString('en-US');
    await page.getByRole('row', { name: `Charge ntl/echo −${charge} ${left}` }).waitFor();
    await page.getByText(`${left} tokens`, { exact: true }).waitFor();
  });
});

describe('what a member may', () => {
  it('is the models on its list, from its addresses', async () => {
    const sol = await shared.gateway.member({ name: 'Sol' });
    const page = await open(pageOf(sol.id), { refusals: true });
    const access = page.getByRole('region', { name: 'May use' });
    await access.getByText('all models').waitFor();
    await access.getByRole('button', { name: 'Edit' }).click();
    const drawer = page.getByRole('dialog', { name: 'What Sol may use' });
    await drawer.getByText('Chosen ones').click();
    await drawer.getByLabel('quota/fast').check();
    await drawer.getByLabel('Makes and revokes its own keys').uncheck();
    await drawer.getByRole('textbox', { name: 'From' }).fill('nowhere');
    await drawer.getByRole('button', { name: 'Save' }).click();
    await drawer.getByText('“nowhere” is none.').waitFor();
    await drawer.getByRole('textbox', { name: 'From' }).fill('127.0.0.0/8');
    await drawer.getByRole('button', { name: 'Save' }).click();
    await access.getByText('127.0.0.0/8').waitFor();
    await access.getByText('quota/fast').waitFor();
    expect(await ask(shared.gateway, sol.key)).toEqual({ status: 403, code: 'model_not_allowed' });
    const { body } = await shared.gateway.admin('GET', `/members/${sol.id}`);
    expect(body).toMatchObject({
      allowedModels: ['quota/fast'],
      allowedIps: ['127.0.0.0/8'],
      selfService: false,
    });
  });

  it('follows its name and plan', async () => {
    const tom = await shared.gateway.member({ name: 'Tom' });
    const page = await open(pageOf(tom.id));
    await page.keyboard.press('e');
    const drawer = page.getByRole('dialog', { name: 'Edit Tom' });
    await drawer.getByLabel('Name').fill('Thomas');
    await drawer.getByLabel('Email').fill('not an address');
    await drawer.getByRole('button', { name: 'Save' }).click();
    await drawer.getByText('Write an address such as').waitFor();
    await drawer.getByLabel('Email').fill('tom@studio.example');
    await drawer.getByLabel('Plan').click();
    await page.getByRole('option', { name: 'Free' }).click();
    await drawer.getByRole('button', { name: 'Save' }).click();
    await page.getByText('tom@studio.example. Plan Free. Since').waitFor();
    await page.getByRole('row', { name: /Requests \/ 60 s All models 0 .*60 .*plan Free/ }).waitFor();
    const headers = { authorization: `Bearer ${tom.key}` };
    const models = await fetch(`${shared.gateway.url}/api/v1/models`, { headers });
    expect(models.headers.get('x-ntl-tier')).toBe('free');
  });
});
