/** What single models of Anthropic refuse: thinking, effort, sampling, limits, prefill, system messages. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { post } from './post.ts';
import { type Provider, startProvider } from './provider.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.close());

const user = { role: 'user', content: 'hi' };
const tool = { name: 'f', input_schema: { type: 'object' } };
const on = (model: string) => ({ model: `claude-${model}` });
const enabled = { thinking: { type: 'enabled', budget_tokens: 1024 } };
const adaptive = { thinking: { type: 'adaptive' } };
const disabled = { thinking: { type: 'disabled' } };
const effort = (level: string) => ({ output_config: { effort: level } });
const prefill = { messages: [user, { role: 'assistant', content: 'So' }] };

const send = (rest: object) =>
  post(
    `${provider.url}/v1/messages`,
    { model: 'claude-haiku-4-5', max_tokens: 2000, messages: [user], ...rest },
    { 'x-api-key': 'sk-provider', 'anthropic-version': '2023-06-01' },
  );

describe('takes', () => {
  test.each([
    ['prefill of older models', prefill],
    ['both ways to think', { ...on('opus-4-6'), ...adaptive, ...effort('max') }],
    ['the older way', { ...on('sonnet-4-6'), ...enabled }],
    ['no thinking', { ...on('opus-4-7'), ...disabled, ...effort('xhigh') }],
    ['values that change nothing', { ...on('opus-4-7'), temperature: 1, top_p: 1 }],
    [
      'system messages at the end of newer models',
      { ...on('opus-5'), messages: [user, { role: 'system', content: 'note' }] },
    ],
  ])('%s', async (_, rest) => {
    expect(await send(rest)).toMatchObject({ status: 200 });
  });
});

describe('refuses', () => {
  test.each([
    [
      'system messages of older models',
      { messages: [user, { role: 'system', content: 'note' }] },
      "role 'system' is not supported on this model",
    ],
    [
      'system messages at the head',
      { ...on('opus-5'), messages: [{ role: 'system', content: 'note' }, user] },
      "messages.0: use the top-level 'system' parameter",
    ],
    [
      'system messages before the user',
      { ...on('opus-5'), messages: [user, { role: 'system', content: 'note' }, user] },
      "messages.1: role 'system' must precede an 'assistant' message or end the array",
    ],
    [
      'prefill while thinking',
      { ...enabled, ...prefill },
      'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`.',
    ],
    [
      'prefill of newer models',
      { ...on('opus-4-6'), ...prefill },
      'This model does not support assistant message prefill.',
    ],
    [
      'more than the model can say',
      { max_tokens: 70_000 },
      'max_tokens: 70000 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5',
    ],
    [
      'temperature and top_p',
      { temperature: 0.5, top_p: 0.5 },
      '`temperature` and `top_p` cannot both be specified for this model.',
    ],
    [
      'top_p while thinking',
      { ...enabled, top_p: 0.5 },
      '`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.',
    ],
    [
      'temperature of newer models',
      { ...on('opus-4-7'), temperature: 0.5 },
      '`temperature` is deprecated for this model.',
    ],
    ['top_k of newer models', { ...on('fable-5'), top_k: 5 }, '`top_k` is deprecated for this model.'],
    [
      'adaptive thinking of older models',
      { ...on('opus-4-5'), ...adaptive },
      'adaptive thinking is not supported on this model',
    ],
    [
      'budgets of newer models',
      { ...on('opus-4-7'), ...enabled },
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive"',
    ],
    [
      'no thinking where it is always on',
      { ...on('fable-5'), ...disabled },
      '"thinking.type.disabled" is not supported for this model.',
    ],
    ['effort of older models', effort('low'), 'This model does not support the effort parameter.'],
    [
      'effort between',
      { ...on('sonnet-4-6'), ...effort('xhigh') },
      "This model does not support effort level 'xhigh'. Supported levels: high, low, max, medium.",
    ],
    [
      'much effort without thinking',
      { ...on('opus-5'), ...disabled, ...effort('max') },
      "output_config.effort 'max' is not supported when thinking is disabled on this model.",
    ],
    [
      'forced tools',
      { ...on('opus-5-5'), tools: [tool], tool_choice: { type: 'any' } },
      'tool_choice: type "tool" and "any" are not supported for this model.',
    ],
  ])('%s', async (_, rest, message) => {
    const refused = await send(rest);
    expect(refused.message).toContain(message);
    expect(refused.status).toBe(400);
  });
});
