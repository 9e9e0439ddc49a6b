import { describe, expect, it } from 'vitest';
import type {
  AssistantPart,
  DocumentPart,
  ReasoningPart,
  ToolResultPart,
  Turn,
  UserPart,
} from '../../../gateway/protocols/canonical/request.ts';
import { encoded } from './support.ts';

const HI: Turn = { role: 'user', parts: [{ type: 'text', text: 'hi' }] };
const HI_ITEM = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] };

function inputOf(...turns: Turn[]): unknown {
  return encoded({ turns }).body.input;
}

function userContent(...parts: UserPart[]): unknown {
  const [message] = inputOf({ role: 'user', parts }) as { content: unknown }[];
  return message?.content;
}

function assistantItems(...parts: AssistantPart[]): unknown {
  return inputOf({ role: 'assistant', parts });
}

describe('a conversation for a provider', () => {
  it('begins with its instructions; what the system says later stays in its place', () => {
    const { body } = encoded({
      turns: [
        {
          role: 'system',
          parts: [
            { type: 'text', text: 'Be brief.' },
            { type: 'text', text: 'Be kind.' },
          ],
        },
        HI,
        { role: 'system', parts: [{ type: 'text', text: 'In French.' }] },
      ],
    });
    expect(body.instructions).toBe('Be brief.\n\nBe kind.');
    expect(body.input).toEqual([
      HI_ITEM,
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'In French.' }] },
    ]);
  });

  it('has some input where only the system speaks', () => {
    const { body } = encoded({ turns: [{ role: 'system', parts: [{ type: 'text', text: 'Say hi.' }] }] });
    expect(body).not.toHaveProperty('instructions');
    expect(body.input).toEqual([
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Say hi.' }] },
    ]);
  });

  it('shows images', () => {
    expect(
      userContent(
        { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
        { type: 'image', source: { kind: 'url', url: 'https://a.example/x.png' }, detail: 'high' },
        { type: 'image', source: { kind: 'file', protocol: 'openai-responses', id: 'file-1' } },
      ),
    ).toEqual([
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
      { type: 'input_image', image_url: 'https://a.example/x.png', detail: 'high' },
      { type: 'input_image', file_id: 'file-1', detail: 'auto' },
    ]);
  });

  it.each<[DocumentPart['source'], object]>([
    [
      { kind: 'base64', mediaType: 'application/pdf', data: 'AAAA' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' },
    ],
    [
      { kind: 'url', url: 'https://a.example/a.pdf' },
      { type: 'input_file', file_url: 'https://a.example/a.pdf' },
    ],
    [
      { kind: 'file', protocol: 'openai-responses', id: 'file-1' },
      { type: 'input_file', file_id: 'file-1', filename: 'a.pdf' },
    ],
    [
      { kind: 'text', text: 'Said.' },
      { type: 'input_text', text: 'a.pdf:\n\nSaid.' },
    ],
  ])('brings files: %j', (source, content) => {
    expect(userContent({ type: 'document', name: 'a.pdf', source })).toEqual([content]);
  });

  it('gives a file a name, without which its data is refused', () => {
    const source = { kind: 'base64' as const, mediaType: 'application/pdf', data: 'AAAA' };
    expect(userContent({ type: 'document', source })).toMatchObject([{ filename: 'document.pdf' }]);
  });

  it('has a note in the place of audio', () => {
    const audio: Turn = { role: 'user', parts: [{ type: 'audio', format: 'wav', data: 'AAAA' }] };
    const { body, dropped } = encoded({ turns: [audio] });
    expect(body.input).toMatchObject([{ content: [{ text: expect.stringContaining('audio left out') }] }]);
    expect(dropped).toEqual(['audio']);
  });

  it('has what the model said as plain text, which strict servers take as well', () => {
    expect(assistantItems({ type: 'text', text: 'a' }, { type: 'text', text: 'b' })).toEqual([
      { type: 'message', role: 'assistant', content: 'a' },
      { type: 'message', role: 'assistant', content: 'b' },
    ]);
  });

  it('keeps sources and refusals', () => {
    const citations = [
      { url: 'https://a.example', title: null, quote: null },
      { url: null, title: 'A book', quote: 'q' },
    ];
    expect(
      assistantItems({ type: 'text', text: 'So.', citations }, { type: 'refusal', text: 'No.' }),
    ).toEqual([
      {
        type: 'message',
        role: 'assistant',
        content: [
          {
            type: 'output_text',
            text: 'So.',
            annotations: [
              {
                type: 'url_citation',
                url: 'https://a.example',
                title: 'https://a.example',
                start_index: 0,
                end_index: 3,
              },
            ],
          },
        ],
      },
      { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
    ]);
  });
});

describe('calls and results for a provider', () => {
  const call = { type: 'tool_call' as const, id: 'c1', name: 'f', kind: 'function' as const };
  const result: ToolResultPart = { type: 'tool_result', callId: 'c1', parts: [], isError: false };
  const resultItem = (fields: Partial<ToolResultPart>) =>
    (inputOf({ role: 'user', parts: [{ ...result, ...fields }] }) as object[])[0];

  it('keep the text of arguments digit by digit, and have an object where there are none', () => {
    expect(
      assistantItems({ ...call, input: '{"id":12345678901234567}' }, { ...call, id: 'c2', input: '' }),
    ).toEqual([
      { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{"id":12345678901234567}' },
      { type: 'function_call', call_id: 'c2', name: 'f', arguments: '{}' },
    ]);
  });

  it('of free-text tools are items of their own', () => {
    expect(assistantItems({ ...call, kind: 'custom', input: '*** Begin' })).toEqual([
      { type: 'custom_tool_call', call_id: 'c1', name: 'f', input: '*** Begin' },
    ]);
    expect(resultItem({ custom: true, parts: [{ type: 'text', text: 'ok' }] })).toEqual({
      type: 'custom_tool_call_output',
      call_id: 'c1',
      output: 'ok',
    });
  });

  it('stand before what the user says with them', () => {
    const parts: UserPart[] = [
      { ...result, parts: [{ type: 'text', text: '1' }] },
      { ...result, callId: 'c2' },
      { type: 'text', text: 'hi' },
    ];
    expect(inputOf({ role: 'user', parts })).toEqual([
      { type: 'function_call_output', call_id: 'c1', output: '1' },
      { type: 'function_call_output', call_id: 'c2', output: '' },
      HI_ITEM,
    ]);
  });

  it('are a text as long as they have text alone', () => {
    const image = {
      type: 'image' as const,
      source: { kind: 'url' as const, url: 'https://a.example/x.png' },
    };
    const texts = [
      { type: 'text' as const, text: 'a' },
      { type: 'text' as const, text: 'b' },
    ];
    expect(resultItem({ parts: texts })).toMatchObject({ output: 'a\nb' });
    expect(resultItem({ parts: [...texts, image] })).toMatchObject({
      output: [
        { type: 'input_text', text: 'a' },
        { type: 'input_text', text: 'b' },
        { type: 'input_image', image_url: 'https://a.example/x.png', detail: 'auto' },
      ],
    });
  });

  it('say in words that a call failed', () => {
    const failed = (text: string) => resultItem({ isError: true, parts: [{ type: 'text', text }] });
    expect(failed('no such file')).toMatchObject({ output: 'Error: no such file' });
    expect(failed('<error>no such file</error>')).toMatchObject({ output: '<error>no such file</error>' });
    expect(resultItem({ isError: true })).toMatchObject({ output: 'Error' });
  });
});

describe('reasoning for a provider', () => {
  const reasoning: ReasoningPart = {
    type: 'reasoning',
    text: 'thought',
    replay: {
      protocol: 'openai-responses',
      providerId: 'provider-1',
      id: 'rs_1',
      data: 'gAAAA',
      redacted: false,
    },
  };
  const said: AssistantPart = { type: 'text', text: 'So.' };

  it('goes back as it came, before what followed it', () => {
    expect(assistantItems(reasoning, said)).toEqual([
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'thought' }],
        encrypted_content: 'gAAAA',
      },
      { type: 'message', role: 'assistant', content: 'So.' },
    ]);
  });

  it('has an empty summary where it has no text, and no id of another form', () => {
    const replay = { ...reasoning.replay, id: 'item_7' } as ReasoningPart['replay'];
    const [item] = assistantItems({ ...reasoning, text: '', replay }, said) as object[];
    expect(item).toEqual({ type: 'reasoning', summary: [], encrypted_content: 'gAAAA' });
  });

  it('that nothing followed is refused there, and so left out', () => {
    const turns: Turn[] = [HI, { role: 'assistant', parts: [said, reasoning] }, HI];
    const { body, dropped } = encoded({ turns });
    expect(body.input).toEqual([HI_ITEM, { type: 'message', role: 'assistant', content: 'So.' }, HI_ITEM]);
    expect(dropped).toEqual(['reasoning']);
  });

  it('may stand in a row, and beside items of the protocol', () => {
    const raw = { type: 'web_search_call', id: 'ws_1' };
    const search: AssistantPart = { type: 'opaque', protocol: 'openai-responses', name: raw.type, raw };
    const items = assistantItems(reasoning, search, reasoning, reasoning, said) as { type: string }[];
    expect(items.map(({ type }) => type)).toEqual([
      'reasoning',
      'web_search_call',
      'reasoning',
      'reasoning',
      'message',
    ]);
  });
});
