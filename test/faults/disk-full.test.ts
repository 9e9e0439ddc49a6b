import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statfsSync, watch, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { noSmallDisk, smallDisk } from '../store/small-disk.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { launchGateway } from './gateway-process.ts';
import { sized } from './size.ts';
import { CALLS, GOOD, startSubject } from './subject.ts';
import { codeOf, integrityOf, MESSAGES, query, send, storedRows } from './support.ts';

const CHAT = { model: 'gpt-4o', messages: MESSAGES };
const CLAUDE = { model: 'claude', max_tokens: 9, messages: MESSAGES };

/** More than fit into what SQLite has reserved: its log grows by some pages with each. */
const ENOUGH = 500;

const obstacle = noSmallDisk();

/** Fills a disk to the last block with a file that can be deleted again. A file there before is made longer. */
function fill(disk: string): () => void {
  const path = join(disk, 'ballast');
  const file = openSync(path, 'a');
  for (const size of [65_536, 4_096]) while (hasRoomFor(file, size));
  closeSync(file);
  return () => rmSync(path);
}

function hasRoomFor(file: number, bytes: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(bytes)) === bytes;
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
    return false;
  }
}

/** Sends until one is refused for want of space. */
async function untilRefused<Some extends { status: number }>(post: () => Promise<Some>): Promise<Some> {
  for (let count = 0; count < ENOUGH; count++) {
    const answer = await post();
    if (answer.status !== 200) return answer;
  }
  throw new Error('the full disk was never noticed');
}

async function published(dataDir: string, provider: Provider): Promise<TestGateway> {
  const gateway = await startGateway({ dataDir });
  await gateway.publish(provider, ['gpt-4o'], { kind: 'openai' });
  await gateway.publish(provider, ['claude'], { kind: 'anthropic' });
  return gateway;
}

describe.skipIf(obstacle !== undefined)(`on a full disk${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  it('requests get 503 audit_unavailable and no provider is called; with space they are served again', async () => {
    const disk = smallDisk('4m');
    await using provider = await startProvider({ models: null });
    await using gateway = await published(disk, provider);
    const chat = () => send(gateway.url, gateway.key, CHAT);
    const messages = () => send(gateway.url, gateway.key, CLAUDE, { path: '/v1/messages' });
    expect((await chat()).status).toBe(200);

    const free = fill(disk);
    const refused = await untilRefused(chat);
    const seen = provider.requests.length;
    expect(refused.status).toBe(503);
    expect(JSON.parse(refused.text)).toMatchObject({
      error: { code: 'audit_unavailable', message: expect.stringMatching(/disk/), param: null },
    });
    const refusedToo = await messages();
    expect(refusedToo.status).toBe(503);
    expect(JSON.parse(refusedToo.text)).toMatchObject({
      type: 'error',
      error: { type: 'overloaded_error', code: 'audit_unavailable' },
      request_id: refusedToo.requestId,
    });
    expect(refused.text + refusedToo.text).not.toContain(disk);
    const stream = await send(gateway.url, gateway.key, { ...CHAT, stream: true });
    expect(stream.status).toBe(503);
    expect(provider.requests).toHaveLength(seen);
    // What is refused for another reason keeps its own.
    expect(codeOf((await send(gateway.url, gateway.key, { ...CHAT, model: 'x' })).text)).toBe(
      'unknown_model',
    );
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);

    free();
    expect((await chat()).status).toBe(200);
    expect((await messages()).status).toBe(200);
    expect(integrityOf(disk)).toBe('ok');
    expect(storedRows(disk).filter((row) => row.status === 200)).toHaveLength(provider.requests.length);
  });

  it('a refused request holds nothing of a limit', async () => {
    const disk = smallDisk('4m');
    await using provider = await startProvider({ models: null });
    await using gateway = await published(disk, provider);
    const { id, key } = await gateway.member();
    const limit = { scope: 'member', subjectId: id, metric: 'requests', windowSeconds: 86_400, amount: 3 };
    await gateway.admin('PUT', '/limits', limit);
    expect((await send(gateway.url, key, CHAT)).status).toBe(200);
    const free = fill(disk);
    await untilRefused(() => send(gateway.url, gateway.key, CHAT));
    for (let count = 0; count < 5; count++) expect((await send(gateway.url, key, CHAT)).status).toBe(503);
    free();
    const after = [
      await send(gateway.url, key, CHAT),
      await send(gateway.url, key, CHAT),
      await send(gateway.url, key, CHAT),
    ];
    expect(after.map(({ status }) => status)).toEqual([200, 200, 429]);
  });

  it('a stream that cannot be settled ends in an error event; its row and its charge come once there is space', async () => {
    const disk = smallDisk('4m');
    await using provider = await startProvider({ models: null });
    await using gateway = await published(disk, provider);
    // A name that no row has told before: settling has to write it, too.
    await gateway.publish(provider, ['gpt-late'], { kind: 'openai', upstreamModel: 'gpt-never-seen' });
    const { id, key } = await gateway.member({ prepaid: true });
    await gateway.admin('POST', `/members/${id}/grants`, { tokens: 100_000 });
    provider.scriptFor('/chat/completions', ({ json }) =>
      (json as { model: string }).model === 'gpt-never-seen'
        ? reply.gated(reply.text('too late', { usage: { input: 70, output: 7 } }))
        : reply.text('ok'),
    );
    const late = { model: 'gpt-late', messages: MESSAGES };
    const stream = send(gateway.url, key, { ...late, stream: true });
    const streaming = await provider.nextRequest();
    await streaming.release(2);
    const whole = send(gateway.url, key, late);
    const waiting = await provider.nextRequest();

    const free = fill(disk);
    await untilRefused(() => send(gateway.url, gateway.key, CHAT));
    streaming.releaseAll();
    waiting.releaseAll();
    const cut = await stream;
    expect(cut.status).toBe(200);
    expect(cut.text).toContain('"code":"audit_unavailable"');
    expect(cut.text).not.toContain('[DONE]');
    expect(await whole).toMatchObject({ status: 503, text: expect.stringContaining('audit_unavailable') });

    const ofMember = () => storedRows(disk).filter((row) => row.memberId === Number(id));
    expect(ofMember().map((row) => row.status)).toEqual([0, 0]);
    free();
    await until('the rows to be settled', () => ofMember().every((row) => row.status === 200));
    const settled = { inputTokens: 70, outputTokens: 7, estimated: 0, chargedTokens: 77 };
    expect(ofMember()).toMatchObject([settled, settled]);
    expect(query(disk, 'SELECT tokens FROM balances')).toEqual([{ tokens: 100_000 - 2 * 77 }]);
  });

  it('neither backups nor the log nor the owner’s changes bring the process down', async () => {
    const disk = smallDisk('4m');
    const attempts: string[] = [];
    mkdirSync(join(disk, 'backups'));
    const watcher = watch(join(disk, 'backups'), (_event, name) => void attempts.push(String(name)));
    onTestFinished(() => watcher.close());
    const gateway = await launchGateway({ preload: ['hurry.ts'] }).open({ dataDir: disk });
    const key = gateway.key ?? '';
    const echo = () => send(gateway.url, key, { model: 'ntl/echo', messages: MESSAGES });

    let free = fill(disk);
    // A backup under way may yet be finished, or give back what it took.
    await until('the disk to be full for good', () => {
      for (const name of backupsIn(disk)) rmSync(join(disk, 'backups', name));
      free = fill(disk);
      return statfsSync(disk).bavail === 0 && readdirSync(join(disk, 'backups')).length === 0;
    });
    await untilRefused(echo);
    const changed = await fetch(`${gateway.url}/admin/api/members`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'No room' }),
    });
    expect(changed.status).toBe(503);
    expect(await changed.text()).not.toContain(disk);
    attempts.length = 0;
    await until(
      'some backups to fail',
      () => attempts.filter((name) => name.endsWith('.partial')).length > 6,
    );
    expect(backupsIn(disk)).toEqual([]);
    expect((await echo()).status).toBe(503);

    free();
    expect((await echo()).status).toBe(200);
    await until('a backup', () => backupsIn(disk).length > 0);
    await gateway.stop();
    expect(gateway.output()).toBe('');
  });

  it('nothing is left behind, however often it fills and is freed while requests run', async () => {
    const disk = smallDisk('8m');
    await using subject = await startSubject({ dataDir: disk });
    const chat = CALLS[0] as (typeof CALLS)[number];
    for (let round = 0; round < sized(2, 12); round++) {
      subject.good.script(reply.gated(reply.text('while the disk fills')));
      const before = subject.good.requests.length;
      const running = CALLS.map((call) => subject.ask(GOOD, call));
      await until('the calls', () => subject.good.requests.length - before === CALLS.length);
      const free = fill(disk);
      subject.good.script(reply.text('ok'));
      await untilRefused(() => subject.ask(GOOD, chat));
      for (const request of subject.good.requests) request.releaseAll();
      const answers = await Promise.all(running);
      for (const [index, call] of CALLS.entries()) {
        if (codeOf(answers[index]?.text ?? '') === undefined)
          expect(answers[index]?.status, call.name).toBe(200);
        else expect(codeOf(answers[index]?.text ?? ''), call.name).toBe('audit_unavailable');
      }
      free();
      await subject.expectSound(`a full disk, round ${round}`);
    }
  });

  it('a start says what to do, and a start with space finds everything', async () => {
    const disk = smallDisk('4m');
    await using provider = await startProvider({ models: null });
    let key = '';
    {
      await using setup = await published(disk, provider);
      key = setup.key;
    }
    const free = fill(disk);
    const failure = launchGateway().open({ dataDir: disk });
    await expect(failure).rejects.toThrow(/StoreError: .*Check that its disk has space/);
    free();
    const gateway = await launchGateway().open({ dataDir: disk });
    expect((await send(gateway.url, key, CHAT)).status).toBe(200);
    await gateway.stop();
  });
});

function backupsIn(dataDir: string): string[] {
  try {
    return readdirSync(join(dataDir, 'backups')).filter((name) => name.endsWith('.db'));
  } catch {
    return [];
  }
}
