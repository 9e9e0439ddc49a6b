import Anthropic from '@anthropic-ai/sdk';
import type {
  ContentBlockParam,
  Message,
  MessageCreateParamsNonStreaming,
  MessageParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { Ask, Client, Seen, ToolOutput } from './client.ts';

/** What is asked for where the test does not care: the protocol demands a limit. */
const USUAL_LIMIT = 8_000;

const MEANINGS: Readonly<Record<string, Seen['finish']['means']>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  tool_use: 'tools',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'filter',
};

/** Anthropic's SDK. */
export function messagesClient(url: string, key: string): Client {
  const client = new Anthropic({ baseURL: `${url}/api`, apiKey: key, authToken: null, maxRetries: 0 });
  return {
    protocol: 'anthropic-messages',
    async ask(ask) {
      const body = bodyOf(ask);
      const options = ask.signal === undefined ? {} : { signal: ask.signal };
      const message = ask.stream
        ? await client.messages.stream(body, options).finalMessage()
        : await client.messages.create(body, options);
      return seen(message, body.messages);
    },
    errorOf: (error) =>
      error instanceof Anthropic.APIError
        ? { status: error.status, message: error.message }
        : { status: undefined, message: String(error) },
    raw: (ask) => ({ path: '/v1/messages', body: { ...bodyOf(ask), stream: ask.stream === true } }),
  };
}

function bodyOf(ask: Ask): MessageCreateParamsNonStreaming {
  const { model, system, tools, schema, effort, maxTokens, stop, history } = ask;
  const config = {
    ...(schema === undefined ? {} : { format: { type: 'json_schema' as const, schema } }),
    ...(effort === undefined || effort === 'none' || effort === 'minimal' ? {} : { effort }),
  };
  return {
    model,
    max_tokens: maxTokens ?? USUAL_LIMIT,
    ...(system === undefined ? {} : { system }),
    messages:
      history === undefined ? [{ role: 'user', content: contentOf(ask) }] : [...(history as MessageParam[])],
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map(({ name, schema: input }) => ({
            name,
            input_schema: { type: 'object' as const, ...input },
          })),
        }),
    ...(effort === undefined ? {} : { thinking: { type: 'adaptive' as const } }),
    ...(Object.keys(config).length === 0 ? {} : { output_config: config }),
    ...(stop === undefined ? {} : { stop_sequences: stop }),
  };
}

function contentOf({ text, image, pdf }: Ask): ContentBlockParam[] {
  return [
    { type: 'text', text },
    ...(image === undefined ? [] : [pictureOf(image)]),
    ...(pdf === undefined
      ? []
      : [
          {
            type: 'document' as const,
            title: 'paper.pdf',
            source: { type: 'base64' as const, media_type: 'application/pdf' as const, data: pdf },
          },
        ]),
  ];
}

function pictureOf(image: string) {
  return {
    type: 'image' as const,
    source: { type: 'base64' as const, media_type: 'image/png' as const, data: image },
  };
}

function seen({ content, stop_reason, usage }: Message, asked: readonly MessageParam[]): Seen {
  const calls = content.flatMap((block) =>
    block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [],
  );
  const cached = usage.cache_read_input_tokens ?? 0;
  return {
    text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    reasoning: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    calls,
    finish: { word: stop_reason ?? '', means: MEANINGS[stop_reason ?? ''] ?? 'other' },
    usage: {
      input: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
      output: usage.output_tokens,
      cached,
      reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
    },
    next: (outputs) => [
      ...asked,
      { role: 'assistant', content },
      {
        role: 'user',
        content: calls.map(({ id }, index) => ({
          type: 'tool_result',
          tool_use_id: id,
          content: outputOf(outputs[index]),
          ...(outputs[index]?.failed ? { is_error: true } : {}),
        })),
      },
    ],
  };
}

function outputOf(output: ToolOutput | undefined): ContentBlockParam[] {
  return [
    { type: 'text', text: output?.text ?? '' },
    ...(output?.image === undefined ? [] : [pictureOf(output.image)]),
  ];
}
