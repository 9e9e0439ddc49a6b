import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainRequest } from '../../gateway/cli/request-codes.ts';
import type { AuditRowDetail } from '../../gateway/doors/admin/contract.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { ntlHere } from './ntl-here.ts';
import { parseOnly } from './parse-only.ts';

let gateway: TestGateway;
let good: Provider;
let bad: Provider;

beforeAll(async () => {
  [gateway, good, bad] = await Promise.all([startGateway(), startProvider(), startProvider()]);
  await gateway.publish(bad, ['gpt-4o', 'gpt-5-mini'], { name: 'Bad one', priority: 0 });
  await gateway.publish(good, ['gpt-4o'], { name: 'Good one', priority: 1 });
  bad.script(reply.status(500));
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await Promise.all([good.close(), bad.close()]);
});

function ntl(words: string) {
  return ntlHere([...words.split(' '), '--data-dir', gateway.dataDir]);
}

/** @returns the x-request-id of the answer */
async function ask(model: string, key?: string): Promise<string> {
  const body = { model, messages: [{ role: 'user', content: 'hello there' }] };
  const answer = await gateway.post('/v1/chat/completions', body, key === undefined ? {} : { key });
  return answer.headers.get('x-request-id') ?? '';
}

async function show(id: string): Promise<string> {
  const shown = await ntl(`requests show ${id}`);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  return shown.stdout;
}

describe('ntl requests show', () => {
  it('shows a request in full, by the id of its answer and by that of the list', async () => {
    const requestId = await ask('ntl/echo');
    const text = await show(requestId);
    const [row] = await gateway.rows(`&requestId=${requestId}`);
    expect(text).toMatch(new RegExp(`^Request +${requestId}$`, 'm'));
    expect(text).toMatch(/^Status +200$/m);
    expect(text).toMatch(/^Member +Owner \(id 1\)$/m);
    expect(text).toMatch(/^Provider +built in$/m);
    expect(text).toMatch(new RegExp(`^Input tokens +${row.inputTokens}$`, 'm'));
    expect(text).toMatch(/^Charged tokens +\d+ \(x1\)$/m);
    expect(text).not.toMatch(/Meaning|FAILED CALL|undefined/);
    // Each value begins in the same column.
    const starts = text
      .trim()
      .split('\n')
      .map((line) => line.search(/(?<= {2})\S/));
    expect(new Set(starts).size).toBe(1);

    expect(await show(row.id)).toBe(text);
    expect(await show(requestId.toUpperCase())).toBe(text);
    const json = JSON.parse((await ntl(`requests show ${requestId} --json`)).stdout);
    expect(json).toEqual((await gateway.admin('GET', `/requests/${row.id}`)).body);
  });

  it('names the calls that failed before another provider answered', async () => {
    const text = await show(await ask('gpt-4o'));
    expect(text).toMatch(/^Provider +Good one \(id \d+\)$/m);
    expect(text).toMatch(/^Calls made +2, of which 1 failed$/m);
    expect(text).toMatch(/^ +1 +Bad one +gpt-4o +answered 500 +\d+ ms$/m);
    expect(text).not.toContain('Meaning');
  });

  it('says why no provider could serve, and how to find out more', async () => {
    const text = await show(await ask('gpt-5-mini'));
    expect(text).toMatch(/^Status +502 upstream_error$/m);
    expect(text).toMatch(/^Meaning +No provider of this model could serve the request\.$/m);
    expect(text).toMatch(/\n {2}ntl providers test \d+ --data-dir \S+\n$/);
  });

  it('explains refusals, with a command that mends them', async () => {
    const unknown = await show(await ask('no-such-model'));
    expect(unknown).toMatch(/^Status +400 unknown_model$/m);
    expect(unknown).toMatch(/^Meaning +No model of this name is served here/m);
    expect(unknown).toMatch(/\n {2}ntl models list --data-dir /);

    const wrongKey = await show(await ask('ntl/echo', `ntl_live_${'z'.repeat(40)}`));
    expect(wrongKey).toMatch(/^Status +401 invalid_key$/m);
    expect(wrongKey).toMatch(/^Member +–$/m);

    const { key, id } = await gateway.member({ allowedModels: ['ntl/echo'] });
    const forbidden = await show(await ask('gpt-4o', key));
    expect(forbidden).toContain(`ntl members update ${id} --allow-models all`);
    const mend = /ntl (members update .*)/.exec(forbidden)?.[1] ?? '';
    expect(await ntlHere(mend.split(' '))).toMatchObject({ code: 0 });
    expect(await show(await ask('gpt-4o', key))).toMatch(/^Status +200$/m);
  });

  it('names the limit that refused, how it stood, and when it would have passed', async () => {
    const { id, key } = await gateway.member();
    const limit = { scope: 'member', subjectId: id, metric: 'requests', windowSeconds: 60, amount: 1 };
    await gateway.admin('PUT', '/limits', limit);
    await ask('ntl/echo', key);
    const text = await show(await ask('ntl/echo', key));
    expect(text).toMatch(/^Status +429 rate_limit_minute$/m);
    expect(text).toMatch(/^Refused by +1 requests per minute, of member Mia$/m);
    expect(text).toMatch(/^Used then +1; it needed 1$/m);
    expect(text).toMatch(/^Passes at +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/m);

    await gateway.admin('PUT', '/limits', { ...limit, metric: 'tokens', amount: 1, model: 'ntl/echo' });
    await gateway.admin('DELETE', '/limits', limit);
    const large = await show(await ask('ntl/echo', key));
    expect(large).toMatch(/^Refused by +1 tokens per minute for ntl\/echo, of member Mia$/m);
    expect(large).toMatch(/^Passes at +never: alone it is larger than the limit$/m);
  });

  it('tells the balance that did not cover a request, and the ledger what made it', async () => {
    const { id, key } = await gateway.member({ prepaid: true, name: 'Noor' });
    await gateway.admin('POST', `/members/${id}/grants`, { tokens: 40, note: 'welcome' });
    const text = await show(await ask('ntl/echo', key));
    expect(text).toMatch(/^Balance then +40 tokens and \$0\.00$/m);
    expect(text).toMatch(/^It needed +\d+ tokens or \$0\.00$/m);
    expect(text).not.toContain('Held by others');

    await gateway.admin('POST', `/members/${id}/grants`, { tokens: 5_000 });
    await ask('ntl/echo', key);
    const { chargedTokens } = (await gateway.rows())[0];
    const ledger = await ntl(`members ledger ${id}`);
    expect(ledger.stdout).toMatch(new RegExp(`charge +-${chargedTokens} +– +\\d+ +ntl/echo`));
    expect(ledger.stdout).toMatch(/grant +\+40 +– +– +welcome/);
    expect(ledger.stdout).toContain(
      `Balance: ${(5_040 - chargedTokens).toLocaleString('en-US')} tokens and $0.00.`,
    );
    const json = JSON.parse((await ntl(`members ledger ${id} --json`)).stdout);
    expect(json).toEqual((await gateway.admin('GET', `/members/${id}/ledger?pageSize=50`)).body);
  });

  it("tells a provider's own refusal from the gateway's", async () => {
    good.script(reply.status(400, { message: 'context too long' }));
    const id = await gateway.publish(good, ['long'], { name: 'Strict', upstreamModel: 'gpt-4o' });
    const text = await show(await ask('long'));
    good.script(reply.text('ok'));
    expect(text).toMatch(/^Status +400$/m);
    expect(text).toMatch(/^Meaning +The provider refused the request as it stood/m);
    expect(text).toMatch(new RegExp(`^Provider +Strict \\(id ${id}\\)$`, 'm'));
  });

  it.concurrent.each([
    ['requests show', 2, "missing required argument 'id'"],
    ['requests show nonsense', 2, '"nonsense" is no request. Give an ID of `ntl requests`'],
    ['requests show 0', 2, '"0" is no request.'],
    ['requests show 999999', 1, 'There is no such request.'],
    ['requests show 01a1fd11-a70a-73d7-92ce-5ddc536ad2d2', 1, 'The audit log has no request 01a1fd11-'],
    ['requests show 11111111-1111-4111-8111-111111111111', 1, 'take it from the x-request-id header'],
  ])('%s ends with %i', async (words, code, message) => {
    const refused = await ntl(words);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
  });
});

const CODES =
  'invalid_messages missing_model unknown_model invalid_request missing_auth invalid_key key_revoked key_expired insufficient_balance access_disabled suspended ip_blocked model_not_allowed route_not_allowed not_found request_too_large rate_limit_minute quota_day quota_month internal upstream_error audit_unavailable paused shutting_down client_closed';

describe('what a code means', () => {
  it.each(CODES.split(' '))('%s is a sentence, and its command is one of ntl', async (code) => {
    for (const memberId of [null, '7']) {
      const row = { ...ROW, memberId, code };
      const explanation = explainRequest(row);
      expect(explanation?.means).toMatch(/^[A-Z].*\.$/);
      expect(explanation?.mend).toMatch(/^[A-Z].*[.:]$/);
      expect(explanation?.mend.endsWith(':')).toBe(explanation?.command !== undefined);
      if (explanation?.command === undefined) continue;
      await expect(parseOnly(explanation.command)).resolves.toBeDefined();
    }
  });

  it('is nothing for a request that went well, or runs', () => {
    for (const status of [0, 200]) expect(explainRequest({ ...ROW, status, code: null })).toBeUndefined();
  });
});

const ROW: AuditRowDetail = {
  id: '1',
  at: '2026-11-21T12:00:00.000Z',
  requestId: '01a1fd11-a70a-73d7-92ce-5ddc536ad2d2',
  memberId: '7',
  memberName: 'Mia',
  keyId: '3',
  keyPrefix: 'ntl_live_Ab12Cd',
  address: '127.0.0.1',
  tool: 'other',
  endpoint: 'chat',
  model: 'gpt-4o',
  providerId: null,
  providerName: null,
  upstreamModel: null,
  attempts: 0,
  status: 400,
  code: null,
  streamed: false,
  latencyMs: 1,
  ttfbMs: null,
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  reasoningTokens: 0,
  estimated: false,
  costMicros: 0,
  multiplier: 1,
  dropped: null,
  chargedTokens: 0,
  refusedBy: null,
  failedAttempts: [],
};
