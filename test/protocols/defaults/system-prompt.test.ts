import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withSystemPrompt } from '../../../gateway/protocols/defaults/system-prompt.ts';
import type { Endpoint } from '../../../gateway/protocols/endpoint.ts';
import { readInferenceBody } from '../../../gateway/protocols/inference-body.ts';

const PROMPT = 'Answer in "one" line.\nAlways.';
const USER = { role: 'user', content: 'hi' };

function prompted(endpoint: Endpoint, body: unknown, prompt = PROMPT): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return withSystemPrompt(endpoint, readInferenceBody(endpoint, Buffer.from(text)), prompt).toString();
}

const chat = (...messages: unknown[]) =>
  JSON.parse(prompted('chat', { model: 'm', messages })).messages as unknown[];
const messages = (system: unknown) =>
  JSON.parse(prompted('messages', { model: 'm', max_tokens: 9, system, messages: [USER] })).system;

describe('on chat', () => {
  it('is a system message before all others', () => {
    expect(chat(USER)).toEqual([{ role: 'system', content: PROMPT }, USER]);
  });

  it('stands before the text of the caller’s own system message', () => {
    expect(chat({ role: 'system', content: 'Be nice.', name: 'x' }, USER)).toEqual([
      { role: 'system', content: `${PROMPT}\n\nBe nice.`, name: 'x' },
      USER,
    ]);
    expect(chat({ role: 'developer', content: '' }, USER)[0]).toEqual({ role: 'developer', content: PROMPT });
  });

  it('is a part before the parts of the caller’s own system message, which keep their marks', () => {
    const part = { type: 'text', text: 'Be nice.', cache_control: { type: 'ephemeral' } };
    expect(chat({ role: 'system', content: [part] }, USER)[0]).toEqual({
      role: 'system',
      content: [{ type: 'text', text: PROMPT }, part],
    });
    expect(chat({ role: 'system', content: [] }, USER)[0]).toEqual({
      role: 'system',
      content: [{ type: 'text', text: PROMPT }],
    });
  });

  it('stands first also where a system message comes later', () => {
    const late = { role: 'system', content: 'Now shorter.' };
    expect(chat(USER, late)).toEqual([{ role: 'system', content: PROMPT }, USER, late]);
  });

  it('goes into the instructions of a body of the Responses API', () => {
    const body = JSON.parse(prompted('chat', { model: 'm', input: 'hi', instructions: 'Be nice.' }));
    expect(body).toEqual({ model: 'm', input: 'hi', instructions: `${PROMPT}\n\nBe nice.` });
  });
});

describe('on messages', () => {
  it('is the system, or stands before its text', () => {
    for (const none of [undefined, null, '']) expect(messages(none)).toBe(PROMPT);
    expect(messages('Be nice.')).toBe(`${PROMPT}\n\nBe nice.`);
  });

  it('is a block before the others, which stay as they are', () => {
    const blocks = [
      { type: 'text', text: 'You are Claude Code.', cache_control: { type: 'ephemeral', ttl: '1h' } },
      { type: 'text', text: 'Be nice.', cache_control: { type: 'ephemeral' } },
    ];
    expect(messages(blocks)).toEqual([{ type: 'text', text: PROMPT }, ...blocks]);
    expect(messages([])).toEqual([{ type: 'text', text: PROMPT }]);
  });

  it('leaves the block that tells Anthropic who asks in its place', () => {
    const attribution = {
      type: 'text',
      text: 'x-anthropic-billing-header: cc_version=2.1.329.1; cc_entrypoint=cli;',
    };
    const rest = { type: 'text', text: 'You are Claude Code.', cache_control: { type: 'ephemeral' } };
    expect(messages([attribution, rest])).toEqual([attribution, { type: 'text', text: PROMPT }, rest]);
    expect(messages([attribution])).toEqual([attribution, { type: 'text', text: PROMPT }]);
  });

  it('counts among the tokens to count', () => {
    const body = JSON.parse(prompted('count_tokens', { model: 'm', messages: [USER] }));
    expect(body.system).toBe(PROMPT);
  });
});

describe('on responses', () => {
  it('goes into the instructions', () => {
    const of = (instructions: unknown) =>
      JSON.parse(prompted('responses', { model: 'm', input: 'hi', instructions })).instructions;
    for (const none of [undefined, null, '']) expect(of(none)).toBe(PROMPT);
    expect(of('Be nice.')).toBe(`${PROMPT}\n\nBe nice.`);
  });
});

it('has no place in completions and embeddings', () => {
  const completion = '{"model":"m", "prompt":"a"}';
  expect(prompted('completions', completion)).toBe(completion);
  const embedding = '{"model":"m", "input":"a"}';
  expect(prompted('embeddings', embedding)).toBe(embedding);
});

it('changes no byte around it', () => {
  const before = '{ "big" : 12345678901234567890,\n"model":"m" ,"messages":[';
  const rest = '{"role":"user","content":"gr\\u00fc\\u00dfe 💡","n":1.0} ] , "e":1e2 }';
  expect(prompted('chat', before + rest, 'P')).toBe(`${before}{"role":"system","content":"P"},${rest}`);

  const system = '{"role":"system" , "n":1.0, "content": "gr\\u00fc\\u00dfe"}, ';
  const extended = '{"role":"system" , "n":1.0, "content": "P\\n\\ngr\\u00fc\\u00dfe"}, ';
  expect(prompted('chat', `${before} ${system}${rest}`, 'P')).toBe(`${before} ${extended}${rest}`);

  const block = '{ "type":"text","text":"a","n":1.0 }';
  const claude = (list: string) =>
    `{"model":"m","system": [ ${list} ],"messages":[${rest.replace(' ] ,', '],')}`;
  expect(prompted('messages', claude(block), 'P')).toBe(
    claude(block).replace('[ {', '[{"type":"text","text":"P"}, {'),
  );
});

it('reaches the model whole, whatever the texts are', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.string({ unit: 'binary', minLength: 1 }),
      (prompt, own) => {
        const body = {
          model: 'm',
          messages: [{ role: 'system', content: own }, USER],
          system: own,
          instructions: own,
          input: 'x',
        };
        const whole = `${prompt}\n\n${own}`;
        expect(JSON.parse(prompted('chat', body, prompt)).messages[0].content).toBe(whole);
        expect(JSON.parse(prompted('messages', body, prompt)).system).toBe(whole);
        expect(JSON.parse(prompted('responses', body, prompt)).instructions).toBe(whole);
      },
    ),
  );
});
