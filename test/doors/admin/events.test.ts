import Fastify from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventRoutes } from '../../../gateway/doors/admin/events.ts';
import { until } from '../../support/until.ts';
import { ADMIN_TOKEN, openAdmin } from './admin-app.ts';

/** Reads a stream as text, as it comes. */
class Reader {
  text = '';
  readonly ended: Promise<void>;

  constructor(stream: AsyncIterable<Uint8Array | string>) {
    this.ended = this.#read(stream);
  }

  async #read(stream: AsyncIterable<Uint8Array | string>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      this.text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    }
  }

  events(): { type: string; data: unknown }[] {
    return [...this.text.matchAll(/^event: (.+)\ndata: (.+)$/gm)].map(([, type = '', data = '']) => ({
      type,
      data: JSON.parse(data),
    }));
  }
}

async function watch(origin: string, stop: AbortSignal): Promise<Reader> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const response = await fetch(`${origin}/admin/api/events`, { headers, signal: stop });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  expect(response.headers.get('cache-control')).toBe('no-store');
  if (response.body === null) throw new Error('no body');
  const reader = new Reader(response.body);
  reader.ended.catch(() => undefined);
  return reader;
}

describe('live events', () => {
  it('tell over a socket what happens, until the client leaves', async () => {
    const { listen, call, parts } = await openAdmin();
    const origin = await listen();
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const reader = await watch(origin, stop.signal);
    await until('the first line', () => reader.text.startsWith('retry: 3000\n\n'));
    expect(parts.events.watched).toBe(true);

    const { body: member } = await call('POST', '/members', { name: 'Mia' });
    parts.events.emit({
      type: 'provider',
      data: { providerId: 4, state: 'open', message: 'down', openUntil: 1_800_000_000_000 },
    });
    for (let count = 0; count < 3; count++) parts.alerts.providerFailing(4, 'down');
    await until('three events', () => reader.events().length === 3);
    expect(reader.events()).toMatchObject([
      { type: 'change', data: { id: '1', action: 'member.create', subject: `member:${member.id}` } },
      { type: 'provider', data: { providerId: '4', openUntil: '2027-01-15T08:00:00.000Z' } },
      { type: 'alert', data: { kind: 'provider_failing', seenAt: null } },
    ]);

    stop.abort();
    await until('the subscription to end', () => !parts.events.watched);
  });

  it('reach the desktop window without a port', async () => {
    const { app, parts } = await openAdmin();
    const answer = await app.inject({
      ...{ method: 'GET', url: '/admin/api/events', remoteAddress: 'in-process', payloadAsStream: true },
    });
    expect(answer.statusCode).toBe(200);
    const reader = new Reader(answer.stream());
    parts.events.emit({ type: 'state', data: { state: 'draining' } });
    await until('the event', () => reader.events().length === 1);
    expect(reader.events()).toEqual([{ type: 'state', data: { state: 'draining' } }]);
    await app.close();
    await reader.ended;
    expect(parts.events.watched).toBe(false);
  });

  it('are kept alive by comments', async () => {
    const { parts, sessions } = await openAdmin();
    const app = Fastify().withTypeProvider<ZodTypeProvider>();
    onTestFinished(() => app.close());
    app.setSerializerCompiler(serializerCompiler);
    eventRoutes(app, { ...parts, sessions }, 5);
    const answer = await app.inject({ method: 'GET', url: '/events', payloadAsStream: true });
    const reader = new Reader(answer.stream());
    await until('two comments', () => reader.text.split(': keep-alive\n\n').length > 2);
  });

  it('end for a browser that was signed out, before it hears more', async () => {
    const { listen, sessions, parts } = await openAdmin();
    const origin = await listen();
    const cookie = `ntl_session=${sessions.start('Firefox')}`;
    const response = await fetch(`${origin}/admin/api/events`, { headers: { cookie } });
    const reader = new Reader(response.body as ReadableStream<Uint8Array>);
    parts.events.emit({ type: 'state', data: { state: 'paused' } });
    await until('the event', () => reader.events().length === 1);
    sessions.endWhere(() => true);
    parts.events.emit({ type: 'state', data: { state: 'running' } });
    await reader.ended;
    expect(reader.events()).toHaveLength(1);
  });

  it('do not keep the gateway from closing', async () => {
    const { app, listen } = await openAdmin();
    const reader = await watch(await listen(), AbortSignal.timeout(10_000));
    await app.close();
    await reader.ended;
  });

  it('are not told to more than can be served', async () => {
    const { call, parts } = await openAdmin();
    const ends = Array.from({ length: 64 }, () => parts.events.subscribe(() => undefined));
    expect((await call('GET', '/events')).body.error.code).toBe('conflict');
    ends[0]?.();
    expect(parts.events.subscribe(() => undefined)).not.toBeNull();
  });
});
