import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';

let provider: Provider;
let gateway: TestGateway;

const MESSAGES = [{ role: 'user', content: 'hi' }];
const ROUTES = [
  { path: '/v1/chat/completions', body: { model: 'gpt-4o', messages: MESSAGES, stream: true } },
  { path: '/v1/messages', body: { model: 'claude', max_tokens: 99, messages: MESSAGES, stream: true } },
  { path: '/v1/responses', body: { model: 'gpt-5-mini', input: 'hi', stream: true } },
];

beforeAll(async () => {
  provider = await startProvider({ models: null });
  gateway = await startGateway({ keepAliveMs: 120, timeouts: { idleMs: 1_500 } });
  await gateway.publish(provider, ['gpt-4o', 'gpt-5-mini'], { kind: 'openai' });
  await gateway.publish(provider, ['claude'], { kind: 'anthropic' });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
});
afterEach(() => provider.script(reply.text('ok')));

async function open(path: string, body: unknown, signal?: AbortSignal) {
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}` },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let text = '';
  return {
    response,
    get text() {
      return text;
    },
    /** Reads on until the text so far matches. */
    async seen(pattern: RegExp): Promise<void> {
      while (!pattern.test(text)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`the stream ended without ${pattern}: ${text}`);
        text += Buffer.from(value).toString();
      }
    },
    async rest(): Promise<string> {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return text;
        text += Buffer.from(value).toString();
      }
    },
  };
}

const takeLast = async () => provider.requests.at(-1) as (typeof provider.requests)[number];

describe.each(ROUTES)('streams on $path', ({ path, body }) => {
  it('forward each event when it arrives, untouched', async () => {
    provider.script(
      reply.gated(reply.text(['one ', 'two ', 'three'], { usage: { input: 11, output: 3, cached: 4 } })),
    );
    const count = provider.requests.length;
    const opening = open(path, body);
    await until('the provider to be asked', () => provider.requests.length > count);
    const request = await takeLast();
    let stream: Awaited<ReturnType<typeof open>> | undefined;
    opening.then((opened) => {
      stream = opened;
    });
    // Each piece must be with the client before the next is let out.
    await request.release(20 - 19);
    const opened = await opening;
    for (const word of ['one', 'two', 'three']) {
      while (!opened.text.includes(word)) {
        await request.release();
        await Promise.race([opened.seen(new RegExp(word)), nextTurns()]);
      }
    }
    request.releaseAll();
    await opened.rest();
    expect(stream?.response.headers.get('content-type')).toContain('text/event-stream');
    const [row] = await gateway.rows();
    expect(row).toMatchObject({
      status: 200,
      streamed: true,
      inputTokens: 11,
      outputTokens: 3,
      cachedTokens: 4,
    });
    expect(row.ttfbMs).toBeGreaterThanOrEqual(0);
  });

  it('stop the provider at once when the client hangs up, and bill what was used', async () => {
    provider.script(reply.gated(reply.text(['one ', 'two ', 'three'])));
    const count = provider.requests.length;
    const leave = new AbortController();
    const opening = open(path, body, leave.signal);
    await until('the provider to be asked', () => provider.requests.length > count);
    const request = await takeLast();
    await request.release(6);
    await opening;
    leave.abort();
    expect(await request.aborted).toBe(true);
    const row = await until('the row', async () => {
      const [newest] = await gateway.rows();
      return newest?.status === 499 && newest;
    });
    expect(row).toMatchObject({ status: 499, code: 'client_closed', estimated: true });
    expect(row.inputTokens).toBeGreaterThan(0);
  });

  it('bridge a silence with keep-alives, before and after the first byte', async () => {
    provider.script(reply.gated(reply.text('late')));
    const count = provider.requests.length;
    const opening = open(path, body);
    await until('the provider to be asked', () => provider.requests.length > count);
    const opened = await opening;
    const mark = path.endsWith('messages') ? /event: ping/ : /: keep-alive/;
    await opened.seen(mark);
    (await takeLast()).releaseAll();
    const text = await opened.rest();
    expect(text).toContain('late');
    expect((await gateway.rows())[0]).toMatchObject({ status: 200 });
  });

  it.each(['cut', 'reset', 'hangUp'] as const)(
    'that break off (%s) end in an error event, never normally',
    async (how) => {
      provider.script(reply[how](reply.text(['half ', 'an ', 'answer']), { after: 4 }));
      const text = await (await open(path, body)).rest();
      expect(text).toContain('upstream_error');
      expect(text).not.toMatch(/\[DONE\]|message_stop|response\.completed/);
      expect((await gateway.rows())[0]).toMatchObject({ status: 502, code: 'upstream_error' });
    },
  );

  it('that stall end in an error event', async () => {
    provider.script(reply.stall(reply.text(['half ', 'an ', 'answer']), { after: 4 }));
    const text = await (await open(path, body)).rest();
    expect(text).toContain('upstream_error');
  });

  it("carry the provider's own error event on", async () => {
    provider.script(
      reply.error(reply.text(['half ', 'an ', 'answer']), {
        after: 4,
        message: 'Overloaded, says the provider',
      }),
    );
    const text = await (await open(path, body)).rest();
    expect(text).toContain('Overloaded, says the provider');
    expect((await gateway.rows())[0]).toMatchObject({ status: 502 });
  });

  it('survive any way of cutting the bytes', async () => {
    for (const bytes of [1, 7]) {
      provider.script(reply.split(reply.text('grüße 💡', { usage: { input: 5, output: 2 } }), bytes));
      const text = await (await open(path, body)).rest();
      expect(text).toMatch(/\[DONE\]|message_stop|response\.completed/);
      expect((await gateway.rows())[0]).toMatchObject({ status: 200, inputTokens: 5, outputTokens: 2 });
    }
  });

  it('of junk are an error with a status', async () => {
    provider.script(reply.junk());
    const { response } = await open(path, body);
    expect(response.status).toBe(502);
  });
});

describe('the usage chunk of chat streams', () => {
  const chat = ROUTES[0] as (typeof ROUTES)[number];

  it('is hidden from a client that did not ask and read all the same', async () => {
    provider.script(reply.text('hi', { usage: { input: 100, output: 2, cached: 80 } }));
    const text = await (await open(chat.path, chat.body)).rest();
    expect(text).not.toContain('"prompt_tokens"');
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
    expect((await gateway.rows())[0]).toMatchObject({ inputTokens: 100, cachedTokens: 80, estimated: false });
  });

  it('is shown to a client that asked', async () => {
    provider.script(reply.text('hi', { usage: { input: 100, output: 2 } }));
    const body = { ...chat.body, stream_options: { include_usage: true } };
    expect(await (await open(chat.path, body)).rest()).toContain('"prompt_tokens":100');
  });
});

/** Lets waiting input be read. */
function nextTurns(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
