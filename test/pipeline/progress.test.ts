import { expect, it, onTestFinished } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { startGateway } from '../support/gateway.ts';
import { startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';

it('tells of a request when it is admitted, when its answer begins, and when it has ended', async () => {
  await using provider = await startProvider();
  await using gateway = await startGateway();
  const providerId = await gateway.publish(provider, ['gpt-4o']);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const seen = await watch(gateway.url, gateway.dataDir, stop.signal);
  const body = { model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'hi' }] };

  provider.script(reply.stall());
  const leaving = new AbortController();
  const left = gateway.post('/api/v1/chat/completions', body, { signal: leaving.signal });
  const admitted = await until('the admission', () => seen()[0]);
  expect(admitted).toMatchObject({
    type: 'progress',
    data: { model: 'gpt-4o', memberId: '1', streamed: true, providerId: null, ttfbMs: null },
  });
  expect(admitted.data.inputTokens).toBeGreaterThan(0);
  leaving.abort();
  await expect(left).rejects.toThrow();
  const gone = await until('the end', () => seen()[1]);
  expect(gone).toMatchObject({ type: 'request', data: { id: admitted.data.id, code: 'client_closed' } });

  provider.script(reply.gated(reply.text('one two')));
  const answer = gateway.post('/api/v1/chat/completions', body);
  await provider.nextRequest();
  const request = await provider.nextRequest();
  const begun = await until('the first byte', () => seen().find(({ data }) => data.ttfbMs !== null));
  expect(begun).toMatchObject({ type: 'progress', data: { providerId } });
  request.releaseAll();
  await answer;
  const ended = await until('the end', () => seen().find(({ data }) => data.status === 200));
  expect(ended).toMatchObject({ type: 'request', data: { id: begun.data.id } });
});

it('tells of a refused request only that it was refused', async () => {
  await using gateway = await startGateway();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const seen = await watch(gateway.url, gateway.dataDir, stop.signal);
  await gateway.post('/api/v1/chat/completions', { model: 'nothing', messages: [] });
  const only = await until('the refusal', () => seen()[0]);
  expect(only).toMatchObject({ type: 'request', data: { status: 400 } });
});

// biome-ignore lint/suspicious/noExplicitAny: events are looked into field by field
async function watch(url: string, dataDir: string, signal: AbortSignal): Promise<() => any[]> {
  const headers = { authorization: `Bearer ${readRuntimeFile(dataDir)?.adminToken}` };
  const response = await fetch(`${url}/admin/api/events`, { headers, signal });
  let text = '';
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  };
  read().catch(() => undefined);
  return () =>
    [...text.matchAll(/^event: (progress|request)\ndata: (.+)\n\n/gm)].map(([, type, data = '']) => ({
      type,
      data: JSON.parse(data),
    }));
}
