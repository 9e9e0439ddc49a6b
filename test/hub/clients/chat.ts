import OpenAI from 'openai';
import type { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import type {
  ChatCompletion,
  ChatCompletionContentPart,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { Ask, Client, Seen, ToolOutput } from './client.ts';

const MEANINGS = {
  stop: 'stop',
  tool_calls: 'tools',
  function_call: 'tools',
  length: 'length',
  content_filter: 'filter',
} as const;

/** The openai SDK on /chat/completions. */
export function chatClient(url: string, key: string): Client {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
  return {
    protocol: 'openai-chat',
    async ask(ask) {
      const body = bodyOf(ask);
      const options = ask.signal === undefined ? {} : { signal: ask.signal };
      const completion = ask.stream
        ? await streamed(
            client.chat.completions.stream(
              { ...body, stream: true, stream_options: { include_usage: true } },
              options,
            ),
          )
        : await client.chat.completions.create(body, options);
      return seen(completion, body.messages);
    },
    errorOf: (error) =>
      error instanceof OpenAI.APIError
        ? { status: error.status, message: error.message }
        : { status: undefined, message: String(error) },
    raw: (ask) => ({
      path: '/v1/chat/completions',
      body: {
        ...bodyOf(ask),
        ...(ask.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
      },
    }),
  };
}

/** The SDK knows no reasoning: agents gather its fields from the chunks by themselves. */
async function streamed(stream: ChatCompletionStream<null>): Promise<ChatCompletion> {
  let reasoning_content = '';
  const reasoning_details: unknown[] = [];
  stream.on('chunk', ({ choices }) => {
    const delta = choices[0]?.delta as
      | { reasoning_content?: string; reasoning_details?: unknown[] }
      | undefined;
    reasoning_content += delta?.reasoning_content ?? '';
    reasoning_details.push(...(delta?.reasoning_details ?? []));
  });
  const completion = await stream.finalChatCompletion();
  const [choice] = completion.choices;
  if (choice !== undefined && reasoning_content !== '')
    Object.assign(choice.message, { reasoning_content, reasoning_details });
  return completion;
}

function bodyOf(ask: Ask): ChatCompletionCreateParamsNonStreaming {
  const { model, system, tools, schema, effort, maxTokens, stop, history } = ask;
  const opening: ChatCompletionMessageParam[] = [
    ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
    { role: 'user', content: contentOf(ask) },
  ];
  return {
    model,
    messages: history === undefined ? opening : [...(history as ChatCompletionMessageParam[])],
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map(({ name, schema: parameters }) => ({
            type: 'function' as const,
            function: { name, parameters },
          })),
        }),
    ...(schema === undefined
      ? {}
      : {
          response_format: {
            type: 'json_schema' as const,
            json_schema: { name: 'answer', schema, strict: true },
          },
        }),
    ...(effort === undefined ? {} : { reasoning_effort: effort }),
    ...(maxTokens === undefined ? {} : { max_completion_tokens: maxTokens }),
    ...(stop === undefined ? {} : { stop }),
  };
}

function contentOf({ text, image, pdf }: Ask): string | ChatCompletionContentPart[] {
  if (image === undefined && pdf === undefined) return text;
  return [
    { type: 'text', text },
    ...(image === undefined
      ? []
      : [{ type: 'image_url' as const, image_url: { url: `data:image/png;base64,${image}` } }]),
    ...(pdf === undefined
      ? []
      : [
          {
            type: 'file' as const,
            file: { filename: 'paper.pdf', file_data: `data:application/pdf;base64,${pdf}` },
          },
        ]),
  ];
}

function seen({ choices, usage }: ChatCompletion, asked: readonly ChatCompletionMessageParam[]): Seen {
  const [choice] = choices;
  if (choice === undefined) throw new Error('a completion without a choice');
  const { message, finish_reason } = choice;
  const { reasoning_content = '' } = message as { reasoning_content?: string };
  const calls = (message.tool_calls ?? []).map((call) => {
    if (call.type !== 'function') throw new Error('an unexpected kind of call');
    return { id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments) };
  });
  return {
    text: message.content ?? '',
    reasoning: reasoning_content,
    calls,
    finish: { word: finish_reason, means: MEANINGS[finish_reason] },
    usage: usage
      ? {
          input: usage.prompt_tokens,
          output: usage.completion_tokens,
          cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
          reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
        }
      : null,
    next: (outputs) => [
      ...asked,
      message,
      ...calls.map(({ id }, index) => ({
        role: 'tool',
        tool_call_id: id,
        content: outputs[index]?.text ?? '',
      })),
      ...picturesOf(outputs),
    ],
  };
}

/** Tool messages hold text alone: agents send pictures behind them. */
function picturesOf(outputs: readonly ToolOutput[]): ChatCompletionMessageParam[] {
  return outputs.flatMap(({ image }) =>
    image === undefined
      ? []
      : [
          {
            role: 'user' as const,
            content: [{ type: 'image_url' as const, image_url: { url: `data:image/png;base64,${image}` } }],
          },
        ],
  );
}
