/** What a request asks of a model, whichever of the three protocols it is written in. */
import { type Body, isObject, objectsOf } from '../support/provider/refusal.ts';

export interface AskedTool {
  name: string;
  /** The group of a Responses namespace tool. */
  namespace: string | undefined;
  /** Takes free text in place of JSON. */
  custom: boolean;
  schema: Body;
}

export interface Asked {
  tools: AskedTool[];
  /** The last turn brings results of tools. */
  answersTools: boolean;
  /** It may call several tools at once. */
  parallel: boolean;
  /** The schema that the answer must follow. */
  format: Body | undefined;
  /** It may show its thoughts. */
  thinks: boolean;
}

export function asked(path: string, body: Body): Asked {
  if (path.endsWith('/messages')) return askedOfMessages(body);
  return path.endsWith('/responses') ? askedOfResponses(body) : askedOfChat(body);
}

function askedOfMessages(body: Body): Asked {
  const last = objectsOf(body.messages)
    .filter(({ role }) => role !== 'system')
    .at(-1);
  const config = isObject(body.output_config) ? body.output_config : {};
  const format = isObject(config.format) ? config.format.schema : undefined;
  const thinking = isObject(body.thinking) ? body.thinking.type : undefined;
  return {
    // Tools with a type are the provider's own.
    tools: objectsOf(body.tools)
      .filter(({ type }) => type === undefined || type === null || type === 'custom')
      .map((tool) => toolOf(tool, tool.input_schema)),
    parallel: !(isObject(body.tool_choice) && body.tool_choice.disable_parallel_tool_use === true),
    answersTools: objectsOf(last?.content).some(({ type }) => type === 'tool_result'),
    format: isObject(format) ? format : undefined,
    thinks: thinking === 'enabled' || thinking === 'adaptive',
  };
}

function askedOfResponses(body: Body): Asked {
  const text = isObject(body.text) && isObject(body.text.format) ? body.text.format : {};
  const effort = isObject(body.reasoning) ? body.reasoning.effort : undefined;
  const items = objectsOf(body.input);
  const lastAnswer = items.findLastIndex(
    ({ type, role }) => role === 'assistant' || /_call$|^reasoning$/.test(String(type)),
  );
  return {
    // Some come as items of the input.
    tools: [body, ...items]
      .flatMap(({ tools }) => objectsOf(tools))
      .flatMap((tool) => {
        if (tool.type !== 'namespace') return responsesTool(tool, undefined);
        return objectsOf(tool.tools).flatMap((inner) => responsesTool(inner, String(tool.name)));
      }),
    parallel: body.parallel_tool_calls !== false,
    answersTools: items.slice(lastAnswer + 1).some(({ type }) => String(type).endsWith('_call_output')),
    format: isObject(text.schema) ? text.schema : undefined,
    thinks: effort !== undefined && effort !== null && effort !== 'none',
  };
}

function responsesTool(tool: Body, namespace: string | undefined): AskedTool[] {
  if (tool.type !== 'function' && tool.type !== 'custom') return [];
  return [{ ...toolOf(tool, tool.parameters), namespace }];
}

function askedOfChat(body: Body): Asked {
  const format = isObject(body.response_format) ? body.response_format : {};
  const schema = isObject(format.json_schema) ? format.json_schema.schema : undefined;
  const messages = objectsOf(body.messages);
  const lastAnswer = messages.findLastIndex(({ role }) => role === 'assistant');
  return {
    tools: objectsOf(body.tools).map((tool) => {
      const inner = tool.type === 'custom' ? tool.custom : tool.function;
      return isObject(inner)
        ? { ...toolOf(inner, inner.parameters), custom: tool.type === 'custom' }
        : toolOf({}, {});
    }),
    parallel: body.parallel_tool_calls !== false,
    answersTools: messages.slice(lastAnswer + 1).some(({ role }) => role === 'tool'),
    format: isObject(schema) ? schema : undefined,
    thinks: true,
  };
}

function toolOf(tool: Body, schema: unknown): AskedTool {
  return {
    name: String(tool.name),
    namespace: undefined,
    // Anthropic's tools of that type carry a schema; OpenAI's do not.
    custom: tool.type === 'custom' && tool.input_schema === undefined,
    schema: isObject(schema) ? schema : {},
  };
}
