import { expect, it, onTestFinished } from 'vitest';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import { prepare } from '../../../gateway/protocols/canonical/prepare.ts';
import type {
  AssistantPart,
  CanonicalRequest,
  FunctionTool,
  Turn,
} from '../../../gateway/protocols/canonical/request.ts';
import type { NativeKind } from '../../../gateway/providers/native/kinds.ts';
import { nativeCall } from '../../../gateway/providers/native/native-call.ts';
import type { NativeModel } from '../../../gateway/providers/native/native-model.ts';
import { startBedrockProvider } from '../../support/provider/bedrock/provider.ts';
import { startGeminiProvider } from '../../support/provider/gemini/provider.ts';
import { reply } from '../../support/provider/reply.ts';
import { API_KEY, canonical, modelAt, signal, targetOf } from './setup.ts';

const LOOK: FunctionTool = {
  kind: 'function',
  name: 'look',
  description: null,
  schema: { $schema: 'x', type: 'object', additionalProperties: false },
  strict: null,
};

/** Asks as the gateway does, and gives back what the model said and called. */
async function step(
  kind: NativeKind,
  model: NativeModel,
  name: string,
  turns: Turn[],
  wish: Partial<CanonicalRequest> = {},
): Promise<AssistantPart[]> {
  const dropped = new Dropped();
  const target = targetOf(name);
  const asked = canonical({ turns, tools: [LOOK], ...wish });
  const { request } = prepare(asked, 'native', target, dropped);
  const outcome = await model.generate(nativeCall(kind, request, target, dropped), dropped, signal());
  if (outcome.kind !== 'whole') throw new Error(JSON.stringify(outcome));
  return outcome.answer.parts;
}

function results(parts: readonly AssistantPart[]): Turn {
  const calls = parts.filter((part) => part.type === 'tool_call');
  return {
    role: 'user',
    parts: calls.map(({ id }) => ({
      type: 'tool_result',
      callId: id,
      parts: [{ type: 'text', text: 'x' }],
      isError: false,
    })),
  };
}

const ASKED: Turn = { role: 'user', parts: [{ type: 'text', text: 'Look twice.' }] };

it('runs a loop of parallel calls against a Gemini 3 that verifies its signatures', async () => {
  const gemini = await startGeminiProvider({ credential: API_KEY });
  onTestFinished(() => gemini[Symbol.asyncDispose]());
  gemini.script(
    reply.tools([{ name: 'look' }, { name: 'look' }]),
    reply.tools([{ name: 'look' }]),
    reply.text('done'),
  );
  const model = await modelAt('google', gemini.url);
  const first = await step('google', model, 'gemini-3-flash-preview', [ASKED]);
  const turns: Turn[] = [ASKED, { role: 'assistant', parts: first }, results(first)];
  const second = await step('google', model, 'gemini-3-flash-preview', turns);
  turns.push({ role: 'assistant', parts: second }, results(second));
  const last = await step('google', model, 'gemini-3-flash-preview', turns);
  expect(last).toMatchObject([{ type: 'text', text: 'done' }]);
  expect(JSON.stringify(gemini.requests.at(-1)?.json)).not.toContain('skip_thought_signature_validator');
});

it('goes on with a loop that another model began', async () => {
  const gemini = await startGeminiProvider({ credential: API_KEY });
  onTestFinished(() => gemini[Symbol.asyncDispose]());
  gemini.script(reply.text('done'));
  const calls: AssistantPart[] = ['toolu_1', 'toolu_2'].map((id) => ({
    type: 'tool_call',
    id,
    name: 'look',
    kind: 'function',
    input: '{}',
  }));
  const turns: Turn[] = [ASKED, { role: 'assistant', parts: calls }, results(calls)];
  const model = await modelAt('google', gemini.url);
  expect(await step('google', model, 'gemini-3.1-pro-preview', turns)).toMatchObject([
    { type: 'text', text: 'done' },
  ]);
});

it('runs a loop with thinking against a Bedrock that verifies it, and goes on without thinking or tools', async () => {
  const bedrock = await startBedrockProvider({ credential: API_KEY });
  onTestFinished(() => bedrock[Symbol.asyncDispose]());
  bedrock.script(
    reply.tools([{ name: 'look' }, { name: 'look' }], { thinking: 'hm' }),
    reply.tools([{ name: 'look' }], { thinking: 'well' }),
    reply.text('done'),
    reply.text('again'),
  );
  const name = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
  const reasoning = {
    effort: 'medium',
    budgetTokens: null,
    mode: null,
    summary: null,
    display: null,
  } as const;
  const model = await modelAt('bedrock', bedrock.url);
  const first = await step('bedrock', model, name, [ASKED], { reasoning });
  expect(first[0]).toMatchObject({ type: 'reasoning', text: 'hm' });
  const turns: Turn[] = [ASKED, { role: 'assistant', parts: first }, results(first)];
  const second = await step('bedrock', model, name, turns, { reasoning });
  turns.push({ role: 'assistant', parts: second }, results(second));
  expect(await step('bedrock', model, name, turns, { reasoning })).toMatchObject([{ text: 'done' }]);

  const forgetful = turns.map(
    (turn): Turn =>
      turn.role === 'assistant'
        ? { ...turn, parts: turn.parts.filter(({ type }) => type !== 'reasoning') }
        : turn,
  );
  const rest = await step('bedrock', model, name, forgetful, { reasoning, tools: [] });
  expect(rest).toMatchObject([{ text: 'again' }]);
});
