import { describe, expect, it } from 'vitest';
import type {
  AssistantPart,
  DocumentPart,
  ImagePart,
  UserPart,
} from '../../../gateway/protocols/canonical/request.ts';
import { assistant, call, result, user } from '../canonical/requests.ts';
import { anthropic, encodeTurns } from './encoding.ts';

const NO_URLS = anthropic({}, { urls: false });

function blocksOf(parts: UserPart[], to = anthropic()) {
  const { body, dropped } = encodeTurns([user(...parts)], to);
  const [message] = body.messages as { content: unknown[] }[];
  return { blocks: message?.content, dropped };
}

function assistantBlocks(...parts: AssistantPart[]) {
  const { body, dropped } = encodeTurns([user('a'), assistant(...parts), user('b')]);
  const [, message] = body.messages as { content: unknown[] }[];
  return { blocks: message?.content, dropped };
}

const image = (source: ImagePart['source']): ImagePart => ({ type: 'image', source });
const document = (source: DocumentPart['source'], name?: string): DocumentPart => ({
  type: 'document',
  source,
  name,
});
const base64 = (mediaType: string, text: string) =>
  ({ kind: 'base64', mediaType, data: Buffer.from(text).toString('base64') }) as const;

describe('pictures', () => {
  it.each([
    [
      { kind: 'base64', mediaType: 'image/png', data: 'AAAA' },
      { type: 'base64', media_type: 'image/png', data: 'AAAA' },
    ],
    [
      { kind: 'url', url: 'https://example.com/a.png' },
      { type: 'url', url: 'https://example.com/a.png' },
    ],
    [
      { kind: 'file', protocol: 'anthropic-messages', id: 'file_1' },
      { type: 'file', file_id: 'file_1' },
    ],
  ] as const)('are said from %j', (source, expected) => {
    expect(blocksOf([image(source)]).blocks).toEqual([{ type: 'image', source: expected }]);
  });

  it('by URL are noted and reported where the service takes none', () => {
    const { blocks, dropped } = blocksOf([image({ kind: 'url', url: 'https://example.com/a.png' })], NO_URLS);
    expect(blocks).toEqual([{ type: 'text', text: '[image left out: this model cannot be shown it]' }]);
    expect(dropped).toBe('image');
  });
});

describe('documents', () => {
  it('may be PDF, by type or by what they are', () => {
    const pdf = base64('application/pdf', '%PDF-1.7 …');
    const expected = { type: 'base64', media_type: 'application/pdf', data: pdf.data };
    expect(blocksOf([document(pdf, 'a.pdf')]).blocks).toEqual([
      { type: 'document', source: expected, title: 'a.pdf' },
    ]);
    expect(blocksOf([document({ ...pdf, mediaType: 'application/octet-stream' })]).blocks).toEqual([
      { type: 'document', source: expected },
    ]);
  });

  it('may be text, of any type', () => {
    const source = { type: 'text', media_type: 'text/plain', data: 'a,b' };
    expect(blocksOf([document(base64('text/csv', 'a,b'))]).blocks).toEqual([{ type: 'document', source }]);
    expect(blocksOf([document({ kind: 'text', text: 'a,b' })]).blocks).toEqual([
      { type: 'document', source },
    ]);
  });

  it('of other types are noted and reported', () => {
    const zip = { kind: 'base64', mediaType: 'application/zip', data: 'UEsDBP8A' } as const;
    expect(blocksOf([document(zip, 'a.zip')])).toEqual({
      blocks: [{ type: 'text', text: '[document "a.zip" left out: this model cannot be shown it]' }],
      dropped: 'document',
    });
  });
});

describe('sound', () => {
  it('is noted and reported', () => {
    expect(
      blocksOf([
        { type: 'audio', format: 'wav', data: 'AAAA' },
        { type: 'text', text: 'What is it?' },
      ]),
    ).toEqual({
      blocks: [
        { type: 'text', text: '[audio left out: this model cannot be played it]' },
        { type: 'text', text: 'What is it?' },
      ],
      dropped: 'audio',
    });
  });
});

describe('results of tools', () => {
  const resultBlocks = (rest: Parameters<typeof result>[2], ...more: UserPart[]) => {
    const { body } = encodeTurns([user('a'), assistant(call('c1')), user(result('c1', '', rest), ...more)]);
    return (body.messages as { content: unknown[] }[])[2]?.content;
  };
  const picture = image({ kind: 'base64', mediaType: 'image/png', data: 'AAAA' });

  it('are a text where they are one, blocks where they are more, and nothing where they are empty', () => {
    expect(resultBlocks({ parts: [{ type: 'text', text: 'ok' }] })).toEqual([
      { type: 'tool_result', tool_use_id: 'c1', content: 'ok' },
    ]);
    expect(resultBlocks({ parts: [{ type: 'text', text: 'ok' }, picture] })).toMatchObject([
      { content: [{ type: 'text', text: 'ok' }, { type: 'image' }] },
    ]);
    expect(resultBlocks({ parts: [] })).toEqual([{ type: 'tool_result', tool_use_id: 'c1' }]);
  });

  it('keep their own marks and those within', () => {
    const cache = { ttl: '1h' } as const;
    expect(resultBlocks({ parts: [{ type: 'text', text: 'ok', cache }], cache: { ttl: null } })).toEqual([
      {
        type: 'tool_result',
        tool_use_id: 'c1',
        content: [{ type: 'text', text: 'ok', cache_control: { type: 'ephemeral', ttl: '1h' } }],
        cache_control: { type: 'ephemeral' },
      },
    ]);
  });

  it('of failed calls hold text alone; pictures follow', () => {
    expect(
      resultBlocks(
        { parts: [picture, { type: 'text', text: 'Failed.' }], isError: true },
        { type: 'text', text: 'b' },
      ),
    ).toMatchObject([
      { type: 'tool_result', content: 'Failed.', is_error: true },
      { type: 'image' },
      { type: 'text', text: 'b' },
    ]);
  });
});

describe('calls of tools', () => {
  it('have an object for input, with every digit', () => {
    const { blocks } = assistantBlocks(
      call('c1', { input: '{"id":12345678901234567}' }),
      call('c2', { input: ' ' }),
    );
    expect(JSON.stringify(blocks)).toContain('{"id":12345678901234567}');
    expect(blocks).toMatchObject([
      { type: 'tool_use', id: 'c1', name: 'read' },
      { id: 'c2', input: {} },
    ]);
  });

  it.each(['{"a":', '[1]', '"text"', 'null'])('are refused with the input %s', (input) => {
    expect(() => assistantBlocks(call('c1', { input }))).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining('"read"') }),
    );
  });
});

describe('thinking', () => {
  const replay = {
    protocol: 'anthropic-messages',
    providerId: '7',
    id: null,
    data: 'EqQB+/=',
    redacted: false,
  } as const;

  it('goes back byte for byte and in order', () => {
    const parts: AssistantPart[] = [
      { type: 'reasoning', text: ' Hm. ', replay },
      { type: 'reasoning', text: '', replay: { ...replay, data: 'Enc', redacted: true } },
      { type: 'text', text: 'b' },
    ];
    expect(assistantBlocks(...parts).blocks).toEqual([
      { type: 'thinking', thinking: ' Hm. ', signature: 'EqQB+/=' },
      { type: 'redacted_thinking', data: 'Enc' },
      { type: 'text', text: 'b' },
    ]);
  });

  it('goes to nobody but its own protocol', () => {
    const foreign = {
      type: 'reasoning',
      text: 'Hm.',
      replay: { ...replay, protocol: 'openai-chat' },
    } as const;
    const unsigned = { type: 'reasoning', text: 'Hm.', replay: null } as const;
    expect(assistantBlocks(foreign, unsigned, { type: 'text', text: 'b' }).blocks).toEqual([
      { type: 'text', text: 'b' },
    ]);
  });
});

describe('other parts of an answer', () => {
  it('are said as text, or as they came', () => {
    const raw = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    expect(
      assistantBlocks(
        { type: 'refusal', text: 'No.' },
        { type: 'opaque', protocol: 'anthropic-messages', name: 'server_tool_use', raw },
      ).blocks,
    ).toEqual([{ type: 'text', text: 'No.' }, raw]);
  });

  it('lose their sources, and say so', () => {
    const citations = [{ url: 'https://example.com', title: null, quote: null }];
    expect(assistantBlocks({ type: 'text', text: 'b', citations })).toEqual({
      blocks: [{ type: 'text', text: 'b' }],
      dropped: 'citations',
    });
  });
});
