/** Vercel's provider packages as a second opinion: the same conversation, straight to the same scripted provider. */
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { DEFAULT_CREDENTIAL } from '../../support/provider/provider.ts';
import type { Seat } from '../bench.ts';
import { type Conversation, SCHEMA, type Said as UserPart } from '../conversations.ts';
import type { SaidUsage } from '../reading/said.ts';

type Model = ReturnType<ReturnType<typeof createAnthropic>>;
type CallOptions = Parameters<Model['doStream']>[0];
type Prompt = CallOptions['prompt'];

/** The SDK's model of a seat's provider. */
function modelOf({ protocol, provider, model }: Seat): Model {
  const baseURL = `${provider.url}/v1`;
  const apiKey = DEFAULT_CREDENTIAL;
  switch (protocol) {
    case 'openai-chat':
      return createOpenAICompatible({ name: 'chat', baseURL, apiKey, includeUsage: true }).chatModel(model);
    case 'openai-responses':
      return createOpenAI({ baseURL, apiKey }).responses(model);
    case 'anthropic-messages':
      return createAnthropic({ baseURL, apiKey })(model);
  }
}

/** Asks the provider of a seat as an application on the SDK would. */
export async function askBySdk(seat: Seat, conversation: Conversation): Promise<SdkAnswer> {
  const { stream } = await modelOf(seat).doStream(optionsFor(conversation));
  return read(stream);
}

function optionsFor({ tools, choice, parallel, maxTokens, ...conversation }: Conversation): CallOptions {
  return {
    prompt: promptOf(conversation),
    maxOutputTokens: maxTokens,
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map((name) => ({
            type: 'function' as const,
            name,
            description: `Does ${name}`,
            inputSchema: SCHEMA as never,
            strict: false,
          })),
        }),
    ...(choice === null ? {} : { toolChoice: choiceOf(choice) }),
    providerOptions: {
      anthropic: { toolStreaming: false, ...(parallel ? {} : { disableParallelToolUse: true }) },
      openai: { store: false, ...(parallel ? {} : { parallelToolCalls: false }) },
      chat: parallel ? {} : { parallel_tool_calls: false },
    },
  };
}

function choiceOf(choice: NonNullable<Conversation['choice']>): NonNullable<CallOptions['toolChoice']> {
  return typeof choice === 'string' ? { type: choice } : { type: 'tool', toolName: choice.name };
}

function promptOf({ system, steps }: Pick<Conversation, 'system' | 'steps'>): Prompt {
  return [
    ...(system === null ? [] : [{ role: 'system' as const, content: system }]),
    ...steps.flatMap(
      ({ said, rounds, answer }): Prompt => [
        { role: 'user', content: said.map(userPart) },
        ...rounds.flatMap(
          ({ text, calls }): Prompt => [
            {
              role: 'assistant',
              content: [
                ...(text === null ? [] : [{ type: 'text' as const, text }]),
                ...calls.map(({ id, name, input }) => ({
                  type: 'tool-call' as const,
                  toolCallId: id,
                  toolName: name,
                  input,
                })),
              ],
            },
            {
              role: 'tool',
              content: calls.map(({ id, name, result }) => ({
                type: 'tool-result' as const,
                toolCallId: id,
                toolName: name,
                output: { type: 'text' as const, value: result },
              })),
            },
          ],
        ),
        ...(answer === null
          ? []
          : [{ role: 'assistant' as const, content: [{ type: 'text' as const, text: answer }] }]),
      ],
    ),
  ];
}

function userPart(part: UserPart): Extract<Prompt[number], { role: 'user' }>['content'][number] {
  if ('text' in part) return { type: 'text', text: part.text };
  const data = /^data:[^;]+;base64,(.*)$/.exec(part.image)?.[1];
  return {
    type: 'file',
    mediaType: 'image/png',
    data: data === undefined ? { type: 'url', url: new URL(part.image) } : { type: 'data', data },
  };
}

export interface SdkAnswer {
  text: string;
  reasoning: string;
  calls: { id: string; name: string; input: unknown }[];
  finish: string;
  usage: SaidUsage;
}

async function read(stream: ReadableStream<unknown>): Promise<SdkAnswer> {
  const answer: SdkAnswer = { text: '', reasoning: '', calls: [], finish: '', usage: NO_USAGE };
  // biome-ignore lint/suspicious/noExplicitAny: parts of many kinds, of which a few are read
  for await (const part of stream as AsyncIterable<any>) {
    if (part.type === 'error') throw part.error;
    if (part.type === 'text-delta') answer.text += part.delta;
    if (part.type === 'reasoning-delta') answer.reasoning += part.delta;
    if (part.type === 'tool-call')
      answer.calls.push({ id: part.toolCallId, name: part.toolName, input: JSON.parse(part.input) });
    if (part.type === 'finish') {
      const { inputTokens, outputTokens } = part.usage;
      answer.finish = part.finishReason.unified;
      answer.usage = {
        input: inputTokens.total,
        output: outputTokens.total,
        cached: inputTokens.cacheRead ?? 0,
        written: inputTokens.cacheWrite ?? 0,
        reasoning: outputTokens.reasoning ?? 0,
      };
    }
  }
  return answer;
}

const NO_USAGE: SaidUsage = { input: 0, output: 0, cached: 0, written: 0, reasoning: 0 };
