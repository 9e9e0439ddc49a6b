/** Tools and the choice among them. */
import type { Tool, ToolChoice } from '../canonical/request.ts';
import type { JsonObject } from '../json.ts';

export function toolJson(tool: Tool): JsonObject {
  switch (tool.kind) {
    case 'hosted':
      return tool.raw;
    case 'custom':
      return {
        type: 'custom',
        name: tool.name,
        ...described(tool.description),
        ...(tool.format === null ? {} : { format: tool.format }),
      };
    case 'function':
      return {
        type: 'function',
        name: tool.name,
        ...described(tool.description),
        parameters: tool.schema,
        // Left out, it would mean true where the schema allows that (`NamespaceTool.Function`).
        strict: tool.strict ?? false,
      };
  }
}

export function toolChoiceJson(choice: ToolChoice, tools: readonly Tool[]): string | JsonObject {
  if (choice.type === 'hosted') return { type: choice.name };
  if (choice.type !== 'tool') return choice.type;
  const { name, namespace } = choice;
  const chosen = tools.find(
    (tool) => tool.kind !== 'hosted' && tool.name === name && tool.namespace === namespace,
  );
  return { type: chosen?.kind === 'custom' ? 'custom' : 'function', name };
}

function described(description: string | null): JsonObject {
  return description === null ? {} : { description };
}
