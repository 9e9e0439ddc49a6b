/** Tools as the AI SDK takes them. */
import type { CanonicalRequest, Tool } from '../../protocols/canonical/request.ts';
import type { JsonObject } from '../../protocols/json.ts';
import type { CallOptions, ToolDeclaration } from './sdk.ts';
import { marked, type Wording } from './wording.ts';

type Schema = ToolDeclaration['inputSchema'];

/** Functions alone: free-text tools have become functions before, and nobody runs tools of other providers. */
export function toTools(tools: readonly Tool[], wording: Wording): ToolDeclaration[] {
  return tools.flatMap((tool): ToolDeclaration[] => {
    if (tool.kind !== 'function') return [];
    if (tool.cache !== undefined) marked(tool.cache, { ...wording, caching: null });
    return [
      {
        type: 'function',
        name: tool.name,
        inputSchema: objectSchema(tool.schema),
        ...(tool.description === null ? {} : { description: tool.description }),
        ...strictness(tool.strict, wording),
      },
    ];
  });
}

/** Gemini has no strict mode for one tool: the SDK's `VALIDATED` would hold for all and change how they are chosen. */
function strictness(strict: boolean | null, { kind, dropped }: Wording): { strict?: boolean } {
  if (strict !== true) return {};
  if (kind === 'bedrock') return { strict };
  dropped.add('strict');
  return {};
}

/** Both want an object at the root; `$schema` says nothing that they would read. */
function objectSchema({ $schema: _, ...schema }: JsonObject): Schema {
  return (schema.type === undefined ? { type: 'object', ...schema } : schema) as Schema;
}

export function toToolChoice(choice: CanonicalRequest['toolChoice']): Pick<CallOptions, 'toolChoice'> {
  if (choice === null || choice.type === 'hosted') return {};
  return {
    toolChoice: choice.type === 'tool' ? { type: 'tool', toolName: choice.name } : { type: choice.type },
  };
}
