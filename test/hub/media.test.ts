/** Pictures and documents, in messages and in what tools gave back. */
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PIXEL } from '../clients/support.ts';
import { resetScripts, TRANSLATED, useHub } from './bench.ts';
import { exchange, type Protocol } from './exchange.ts';
import { useSeats } from './seats.ts';

const bench = useHub();
const seats = useSeats(bench, {
  // Takes PDF, as OpenAI’s own chat does.
  chatWithFiles: { protocol: 'openai-chat', kind: 'openai', models: ['gpt-4.1'] },
  blind: {
    protocol: 'openai-chat',
    kind: 'deepseek',
    models: ['deepseek-chat'],
    options: { models: null, basePath: '' },
  },
});
beforeEach(() => resetScripts(bench));

const PDF = Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64');

/** Counts connections to an address that a body names. */
let listener: Server;
let connections = 0;
let pictureUrl = '';
beforeAll(async () => {
  listener = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  pictureUrl = `https://127.0.0.1:${(listener.address() as { port: number }).port}/cat.png`;
});
afterAll(() => {
  listener.close();
});

interface Media {
  /** A data URL or an address. */
  url: string;
}

const base64Of = (url: string) => /^data:([^;]+);base64,(.*)$/.exec(url);

const anthropicSource = ({ url }: Media) => {
  const parts = base64Of(url);
  return parts === null ? { type: 'url', url } : { type: 'base64', media_type: parts[1], data: parts[2] };
};

const IMAGE: Readonly<Record<Protocol, (media: Media) => object>> = {
  'openai-chat': ({ url }) => ({ type: 'image_url', image_url: { url } }),
  'openai-responses': ({ url }) => ({ type: 'input_image', detail: 'auto', image_url: url }),
  'anthropic-messages': (media) => ({ type: 'image', source: anthropicSource(media) }),
};
const DOCUMENT: Readonly<Record<Protocol, (media: Media) => object>> = {
  'openai-chat': ({ url }) => ({ type: 'file', file: { filename: 'paper.pdf', file_data: url } }),
  'openai-responses': ({ url }) => ({ type: 'input_file', filename: 'paper.pdf', file_data: url }),
  'anthropic-messages': (media) => ({ type: 'document', source: anthropicSource(media), title: 'paper.pdf' }),
};

/** A body whose user says these parts. */
const saying = (client: Protocol, ...parts: object[]) => {
  const message = { role: 'user', content: parts };
  return client === 'openai-responses' ? { input: [message], store: false } : { messages: [message] };
};

/** What the first message says. */
const partsOf = ({
  input,
  messages,
}: {
  input?: [{ content: object[] }];
  messages?: [{ content: object[] }];
}) => (input ?? messages)?.[0].content;

const PIXEL_URL = `data:image/png;base64,${PIXEL}`;
const PDF_URL = `data:application/pdf;base64,${PDF}`;

describe.each(TRANSLATED)('a client of %s at a provider of %s', (client, provider) => {
  const ask = (fields: object) => exchange(bench, client, bench.seats[provider], fields);

  it('sends a picture in the provider’s form', async () => {
    const { sent } = await ask(saying(client, IMAGE[client]({ url: PIXEL_URL })));
    expect(partsOf(sent)).toMatchObject([IMAGE[provider]({ url: PIXEL_URL })]);
  });

  it('sends a picture’s address on, and nobody here fetches it', async () => {
    const { sent } = await ask(saying(client, IMAGE[client]({ url: pictureUrl })));
    expect(partsOf(sent)).toMatchObject([IMAGE[provider]({ url: pictureUrl })]);
    expect(connections).toBe(0);
  });

  it('sends a PDF as a file', async () => {
    const { sent, dropped } = await ask(saying(client, DOCUMENT[client]({ url: PDF_URL })));
    expect(partsOf(sent)).toMatchObject([DOCUMENT[provider]({ url: PDF_URL })]);
    expect(dropped).not.toContain('document');
  });

  it('keeps the order of words and pictures', async () => {
    const text = (said: string) => ({
      type: client === 'openai-responses' ? 'input_text' : 'text',
      text: said,
    });
    const { sentText } = await ask(
      saying(
        client,
        text('before'),
        IMAGE[client]({ url: PIXEL_URL }),
        text('between'),
        IMAGE[client]({ url: pictureUrl }),
        text('after'),
      ),
    );
    const places = ['before', PIXEL, 'between', pictureUrl, 'after'].map((part) => sentText.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});

describe('a PDF', () => {
  it.each(['openai-responses', 'anthropic-messages'] as const)(
    'of a client of %s reaches a chat provider that takes files',
    async (client) => {
      const { sent, dropped } = await exchange(
        bench,
        client,
        seats.chatWithFiles,
        saying(client, DOCUMENT[client]({ url: PDF_URL })),
      );
      expect(sent.messages[0].content).toEqual([DOCUMENT['openai-chat']({ url: PDF_URL })]);
      expect(dropped).not.toContain('document');
    },
  );

  it('by its address reaches those who take addresses', async () => {
    const url = 'https://a.example/paper.pdf';
    const asked = saying('anthropic-messages', { type: 'document', source: { type: 'url', url } });
    const { sentText } = await exchange(bench, 'anthropic-messages', bench.seats['openai-responses'], asked);
    expect(sentText).toContain(`"file_url":"${url}"`);
    const back = saying('openai-responses', { type: 'input_file', file_url: url });
    const { sent } = await exchange(bench, 'openai-responses', bench.seats['anthropic-messages'], back);
    expect(sent.messages[0].content[0]).toMatchObject({ type: 'document', source: { type: 'url', url } });
  });

  it('that is text is told as text', async () => {
    const source = { type: 'text', media_type: 'text/plain', data: 'the words of it' };
    const asked = saying('anthropic-messages', { type: 'document', source, title: 'notes' });
    for (const provider of ['openai-chat', 'openai-responses'] as const) {
      const { sentText, dropped } = await exchange(bench, 'anthropic-messages', bench.seats[provider], asked);
      expect(sentText).toContain('the words of it');
      expect(dropped).toEqual([]);
    }
  });
});

describe('a model that cannot see', () => {
  it.each(['openai-responses', 'anthropic-messages'] as const)(
    'gets a note in the place of a picture, and a client of %s is told',
    async (client) => {
      const { sentText, dropped } = await exchange(
        bench,
        client,
        seats.blind,
        saying(client, IMAGE[client]({ url: PIXEL_URL })),
      );
      expect(sentText).toContain('left out');
      expect(sentText).not.toContain(PIXEL);
      expect(dropped).toContain('image');
    },
  );
});

describe('what a tool gave back', () => {
  const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } };
  const messages = (content: unknown, rest: object = {}) => ({
    tools: [{ name: 'look', input_schema: { type: 'object' } }],
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'look', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content, ...rest }] },
    ],
  });
  const input = (output: unknown) => ({
    tools: [{ type: 'function', name: 'look', parameters: { type: 'object' } }],
    input: [
      { role: 'user', content: 'hi' },
      { type: 'function_call', call_id: 'a', name: 'look', arguments: '{}' },
      { type: 'function_call_output', call_id: 'a', output },
    ],
  });

  it('a picture in a result goes to a chat provider in a message of the user’s behind it', async () => {
    const said = [{ type: 'text', text: 'here' }, picture];
    const { sent } = await exchange(bench, 'anthropic-messages', bench.seats['openai-chat'], messages(said));
    const [, , tool, user, ...rest] = sent.messages;
    expect(tool).toMatchObject({ role: 'tool', tool_call_id: 'a' });
    expect(JSON.stringify(tool)).toContain('here');
    expect(JSON.stringify(tool)).not.toContain(PIXEL);
    expect(user.role).toBe('user');
    expect(user.content).toContainEqual(IMAGE['openai-chat']({ url: PIXEL_URL }));
    expect(rest).toEqual([]);
  });

  it('a picture in a result stays in it where the service takes that', async () => {
    const said = [{ type: 'text', text: 'here' }, picture];
    const { sent } = await exchange(
      bench,
      'anthropic-messages',
      bench.seats['openai-responses'],
      messages(said),
    );
    expect(sent.input[2].output).toEqual([
      { type: 'input_text', text: 'here' },
      IMAGE['openai-responses']({ url: PIXEL_URL }),
    ]);
    const back = input([
      { type: 'input_text', text: 'here' },
      { type: 'input_image', image_url: PIXEL_URL },
    ]);
    const other = await exchange(bench, 'openai-responses', bench.seats['anthropic-messages'], back);
    expect(other.sent.messages[2].content[0]).toMatchObject({
      type: 'tool_result',
      content: [{ type: 'text', text: 'here' }, picture],
    });
  });

  it.each(['openai-chat', 'openai-responses'] as const)(
    'a failure is told in words to %s',
    async (provider) => {
      const fields = messages([{ type: 'text', text: 'no such file' }], { is_error: true });
      const { sentText } = await exchange(bench, 'anthropic-messages', bench.seats[provider], fields);
      expect(sentText).toMatch(/(?:Error: |The tool failed:\\n)no such file/);
    },
  );

  it('a failure with a picture has words alone in it, and the picture behind it', async () => {
    // Anthropic refuses pictures in failed results.
    const failed = [{ type: 'text', text: 'Error: look' }, picture];
    const { sentText } = await exchange(
      bench,
      'anthropic-messages',
      bench.seats['openai-responses'],
      messages(failed, { is_error: true }),
    );
    expect(sentText).toContain(PIXEL);
  });

  it('nothing at all is nothing, not an empty text', async () => {
    for (const content of [undefined, '', []]) {
      for (const provider of ['openai-chat', 'openai-responses'] as const)
        await exchange(bench, 'anthropic-messages', bench.seats[provider], messages(content));
      await exchange(bench, 'openai-responses', bench.seats['anthropic-messages'], input(content ?? null));
    }
  });
});

describe('a file that a provider keeps', () => {
  it.each([
    ['openai-chat', 'anthropic-messages', { type: 'file', file: { file_id: 'file-1' } }],
    ['openai-responses', 'anthropic-messages', { type: 'input_image', file_id: 'file-1' }],
    [
      'anthropic-messages',
      'openai-responses',
      { type: 'document', source: { type: 'file', file_id: 'file-1' } },
    ],
  ] as const)(
    'named by a client of %s cannot be had by a provider of %s: it is refused, and why',
    async (client, provider, part) => {
      const { status, json } = await exchange(bench, client, bench.seats[provider], saying(client, part));
      expect(status).toBe(400);
      expect(json.error.message).toMatch(/file/i);
    },
  );
});
