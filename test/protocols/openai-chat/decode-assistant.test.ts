import { describe, expect, it } from 'vitest';
import { wrapReplay } from '../../../gateway/protocols/canonical/replay.ts';
import { turnsOf } from './support.ts';

const NATIVE = { protocol: 'openai-chat', providerId: null, id: null, data: '', redacted: false } as const;

describe('reasoning that a caller gives back', () => {
  const replay = {
    protocol: 'anthropic-messages',
    providerId: 'p',
    id: null,
    data: 'c2ln',
    redacted: false,
  } as const;

  it('is what the gateway wrapped, and not the plain text beside it', () => {
    const hidden = { ...replay, data: 'aGlkZGVu', redacted: true };
    const [turn] = turnsOf({
      role: 'assistant',
      content: 'Yes.',
      reasoning_content: 'First. Then.',
      reasoning_details: [
        { type: 'reasoning.text', text: 'First.', signature: wrapReplay(replay), index: 0 },
        { type: 'reasoning.encrypted', data: wrapReplay(hidden), index: 1 },
      ],
    });
    expect(turn?.parts).toEqual([
      { type: 'reasoning', text: 'First.', replay },
      { type: 'reasoning', text: '', replay: hidden },
      { type: 'text', text: 'Yes.' },
    ]);
  });

  it('is left out where its wrapping is damaged', () => {
    const broken = wrapReplay(replay).slice(0, 20);
    const [turn] = turnsOf({
      role: 'assistant',
      content: 'Yes.',
      reasoning_details: [{ type: 'reasoning.text', text: 'First.', signature: broken }],
    });
    expect(turn?.parts).toEqual([{ type: 'text', text: 'Yes.' }]);
  });

  it('of OpenRouter keeps all of its details but the text', () => {
    const [turn] = turnsOf({
      role: 'assistant',
      content: null,
      reasoning: 'Sum. More.',
      reasoning_details: [
        { type: 'reasoning.summary', summary: 'Sum. ', format: 'openai-responses-v1', index: 0 },
        { type: 'reasoning.summary', summary: 'More.', index: 0 },
        { type: 'reasoning.encrypted', data: 'gAAA', id: 'rs_1', format: 'openai-responses-v1', index: 1 },
      ],
    });
    const data =
      '{"type":"reasoning.encrypted","data":"gAAA","id":"rs_1","format":"openai-responses-v1","index":1}';
    expect(turn?.parts).toEqual([
      { type: 'reasoning', text: 'Sum. More.', replay: NATIVE },
      { type: 'reasoning', text: '', replay: { ...NATIVE, id: 'rs_1', data, redacted: true } },
    ]);
  });

  it('as pieces of a stream is put together, and signed text is not mixed with what follows', () => {
    const piece = (text: string | null, signature: string | null, index: number) => ({
      type: 'reasoning.text',
      text,
      signature,
      index,
    });
    const [turn] = turnsOf({
      role: 'assistant',
      content: null,
      reasoning_details: [
        piece('A', null, 0),
        piece('B', null, 0),
        piece(null, 'sig', 0),
        piece('C', 'gis', 0),
      ],
    });
    expect(turn?.parts).toMatchObject([
      { text: 'AB', replay: { data: '{"type":"reasoning.text","signature":"sig","index":0}' } },
      { text: 'C', replay: { data: '{"type":"reasoning.text","signature":"gis","index":0}' } },
    ]);
  });

  it('may be encrypted beside the plain text', () => {
    const [turn] = turnsOf({
      role: 'assistant',
      content: null,
      reasoning: 'Plain.',
      reasoning_details: [{ type: 'reasoning.encrypted', data: 'gAAA' }],
    });
    expect(turn?.parts).toMatchObject([
      { text: 'Plain.', replay: NATIVE },
      { text: '', replay: { redacted: true } },
    ]);
  });

  it('of Mistral stands among the content', () => {
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] };
    const [turn] = turnsOf({ role: 'assistant', content: [thinking, { type: 'text', text: 'Yes.' }] });
    expect(turn?.parts).toEqual([
      { type: 'reasoning', text: 'Hm.', replay: NATIVE },
      { type: 'text', text: 'Yes.' },
    ]);
  });

  it('of Gemini is the signature of a call, which stands before it', () => {
    const extra = { google: { thought_signature: 'sig' } };
    const [turn] = turnsOf({
      role: 'assistant',
      tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' }, extra_content: extra }],
    });
    expect(turn?.parts).toMatchObject([
      { type: 'reasoning', text: '', replay: { data: JSON.stringify({ extra_content: extra }) } },
      { type: 'tool_call', id: 'c' },
    ]);
  });
});
