import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_CREDENTIAL, type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { type Running, runNtl, startServe, TestFolder } from './run-ntl.ts';

let folder: TestFolder;
let provider: Provider;
let gateway: Running & { url: string };
let key: string;

beforeEach(async () => {
  folder = new TestFolder();
  provider = await startProvider();
  gateway = await startServe(folder.path);
  key = /ntl_live_\w+/.exec(gateway.stdout)?.[0] ?? '';
  const added = await runNtl(
    [
      'providers',
      'add',
      'openai-compatible',
      '--base-url',
      provider.url,
      '--models',
      'gpt-4o',
      '--data-dir',
      folder.path,
    ],
    { input: DEFAULT_CREDENTIAL },
  );
  expect(added.stdout).toContain('gpt-4o: published');
});

afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
  folder[Symbol.dispose]();
});

/** A stream whose first event is out and whose rest waits. */
async function startStream() {
  provider.script(reply.gated(reply.text('one two three')));
  // The gateway answers with the first event, not before.
  const answer = fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
  });
  const upstream = await latestChat();
  await upstream.release();
  return { response: await answer, upstream };
}

async function latestChat() {
  for (;;) {
    const request = await provider.nextRequest();
    if (request.path.endsWith('/chat/completions')) return request;
  }
}

describe('stopping while a stream runs', () => {
  it('lets it finish on SIGTERM, refuses new requests, and ends with 0', async () => {
    const { response, upstream } = await startStream();
    gateway.child.kill('SIGTERM');
    await gateway.says('Stopping.');
    const refused = await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ error: { code: 'shutting_down' } });

    upstream.releaseAll();
    expect(await response.text()).toMatch(/three[\s\S]*data: \[DONE\]/);
    expect(await gateway.ended).toBe(0);
  });

  it('takes the two signals that npm makes of one Ctrl-C as one', async () => {
    const { response, upstream } = await startStream();
    // The system joins two waiting signals of one kind, so the second is of another.
    gateway.child.kill('SIGINT');
    gateway.child.kill('SIGTERM');
    await gateway.says('Stopping.');
    upstream.releaseAll();
    expect(await response.text()).toContain('data: [DONE]');
    expect(await gateway.ended).toBe(0);
  });

  it('drains though nobody reads what it prints any more', async () => {
    gateway.child.stdout?.destroy();
    gateway.child.stderr?.destroy();
    const { response, upstream } = await startStream();
    gateway.child.kill('SIGTERM');
    await until('the drain', async () => (await fetch(`${gateway.url}/healthz`)).status === 503);
    upstream.releaseAll();
    expect(await response.text()).toContain('data: [DONE]');
    expect(await gateway.ended).toBe(0);
  });

  it('ends at once on a second Ctrl-C', async () => {
    const { response } = await startStream();
    gateway.child.kill('SIGINT');
    await gateway.says('Stopping.');
    const asked = performance.now();
    const again = setInterval(() => gateway.child.kill('SIGINT'), 100);
    expect(await gateway.ended).toBe(1);
    clearInterval(again);
    expect(performance.now() - asked).toBeLessThan(5_000);
    expect(gateway.stderr).toContain('Ended at once.');
    await expect(response.text()).rejects.toThrow();
  });
});
