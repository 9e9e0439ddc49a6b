import OpenAI from 'openai';
import type {
  Response,
  ResponseCreateParamsNonStreaming,
  ResponseInputContent,
  ResponseInputItem,
} from 'openai/resources/responses/responses';
import type { Ask, Client, Seen, ToolOutput } from './client.ts';

/** The openai SDK on /responses, stateless as Codex uses it. */
export function responsesClient(url: string, key: string): Client {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
  return {
    protocol: 'openai-responses',
    async ask(ask) {
      const body = bodyOf(ask);
      const options = ask.signal === undefined ? {} : { signal: ask.signal };
      const response = ask.stream
        ? await client.responses.stream({ ...body, stream: true }, options).finalResponse()
        : await client.responses.create(body, options);
      return seen(response, body.input as ResponseInputItem[]);
    },
    errorOf: (error) =>
      error instanceof OpenAI.APIError
        ? { status: error.status, message: error.message }
        : { status: undefined, message: String(error) },
    raw: (ask) => ({ path: '/v1/responses', body: { ...bodyOf(ask), stream: ask.stream === true } }),
  };
}

function bodyOf(ask: Ask): ResponseCreateParamsNonStreaming {
  const { model, system, tools, schema, effort, maxTokens, history } = ask;
  return {
    model,
    store: false,
    include: ['reasoning.encrypted_content'],
    ...(system === undefined ? {} : { instructions: system }),
    input:
      history === undefined
        ? [{ type: 'message', role: 'user', content: contentOf(ask) }]
        : [...(history as ResponseInputItem[])],
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map(({ name, schema: parameters }) => ({
            type: 'function' as const,
            name,
            parameters,
            strict: false,
          })),
        }),
    ...(schema === undefined
      ? {}
      : { text: { format: { type: 'json_schema' as const, name: 'answer', schema, strict: true } } }),
    ...(effort === undefined ? {} : { reasoning: { effort, summary: 'auto' as const } }),
    ...(maxTokens === undefined ? {} : { max_output_tokens: maxTokens }),
  };
}

function contentOf({ text, image, pdf }: Ask): ResponseInputContent[] {
  return [
    { type: 'input_text', text },
    ...(image === undefined ? [] : [pictureOf(image)]),
    ...(pdf === undefined
      ? []
      : [
          {
            type: 'input_file' as const,
            filename: 'paper.pdf',
            file_data: `data:application/pdf;base64,${pdf}`,
          },
        ]),
  ];
}

function pictureOf(image: string) {
  return {
    type: 'input_image' as const,
    detail: 'auto' as const,
    image_url: `data:image/png;base64,${image}`,
  };
}

function seen(response: Response, asked: readonly ResponseInputItem[]): Seen {
  const { output, usage, status, incomplete_details } = response;
  const calls = output.flatMap((item) =>
    item.type === 'function_call'
      ? [{ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) }]
      : [],
  );
  const reasoning = output.flatMap((item) => (item.type === 'reasoning' ? item.summary : []));
  const word = incomplete_details?.reason ?? status ?? '';
  return {
    text: output
      .flatMap((item) => (item.type === 'message' ? item.content : []))
      .map((part) => (part.type === 'output_text' ? part.text : ''))
      .join(''),
    reasoning: reasoning.map(({ text }) => text).join('\n\n'),
    calls,
    finish: { word, means: meaningOf(word, calls.length > 0) },
    usage: usage
      ? {
          input: usage.input_tokens,
          output: usage.output_tokens,
          cached: usage.input_tokens_details.cached_tokens,
          reasoning: usage.output_tokens_details.reasoning_tokens,
        }
      : null,
    next: (outputs) => [
      ...asked,
      ...(output as ResponseInputItem[]),
      ...calls.map(({ id }, index) => ({
        type: 'function_call_output',
        call_id: id,
        output: outputOf(outputs[index]),
      })),
    ],
  };
}

function meaningOf(word: string, called: boolean): Seen['finish']['means'] {
  if (word === 'max_output_tokens') return 'length';
  if (word === 'content_filter') return 'filter';
  if (word !== 'completed') return 'other';
  return called ? 'tools' : 'stop';
}

function outputOf(output: ToolOutput | undefined): string | ResponseInputContent[] {
  if (output?.image === undefined) return output?.text ?? '';
  return [{ type: 'input_text', text: output.text }, pictureOf(output.image)];
}
