/** The conversation of `/api/chat`, in chat's words. */
import { asText, isObject, type JsonObject, objectsIn } from '../json.ts';
import { badMessage } from './fields.ts';
import { imageParts } from './images.ts';

/** @throws GatewayError `invalid_messages` */
export function chatMessages(messages: readonly unknown[]): JsonObject[] {
  const calls = new OpenCalls();
  return messages.map((message, position) => {
    const path = `messages[${position}]`;
    if (!isObject(message)) throw badMessage(path, 'must be an object.');
    return chatMessage(message, path, position, calls);
  });
}

function chatMessage(message: JsonObject, path: string, position: number, calls: OpenCalls): JsonObject {
  const { role, content, thinking } = message;
  if (typeof role !== 'string' || role === '')
    throw badMessage(`${path}.role`, 'must be a string such as "user".');
  switch (role) {
    case 'assistant': {
      const made = callsOf(message.tool_calls, path, position);
      calls.add(made);
      return {
        ...{ role, content: contentOf(content, path) },
        ...(typeof thinking === 'string' && thinking !== '' ? { reasoning_content: thinking } : {}),
        ...(made.length === 0 ? {} : { tool_calls: made.map(({ call }) => call) }),
      };
    }
    case 'tool': {
      const id = calls.take(asText(message.tool_call_id), asText(message.tool_name) ?? asText(message.name));
      const shown = imageParts(message.images, `${path}.images`);
      const said = withImages(contentOf(content, path), shown);
      return { role, tool_call_id: id ?? `call_${position}`, content: said };
    }
    default:
      return {
        role,
        content: withImages(contentOf(content, path), imageParts(message.images, `${path}.images`)),
      };
  }
}

/** Ollama's own clients send a string; parts of OpenAI's pass. */
function contentOf(content: unknown, path: string): string | unknown[] {
  if (content === undefined || content === null) return '';
  if (typeof content === 'string' || Array.isArray(content)) return content;
  throw badMessage(`${path}.content`, 'must be a string.');
}

function withImages(content: string | unknown[], images: readonly object[]): string | unknown[] {
  if (images.length === 0) return content;
  const said =
    typeof content === 'string' ? (content === '' ? [] : [{ type: 'text', text: content }]) : content;
  return [...said, ...images];
}

interface MadeCall {
  id: string;
  name: string;
  call: JsonObject;
}

/** Arguments are an object; `id` is there in newer versions alone. */
function callsOf(calls: unknown, path: string, position: number): MadeCall[] {
  if (calls === undefined || calls === null) return [];
  if (!Array.isArray(calls)) throw badMessage(`${path}.tool_calls`, 'must be an array.');
  return objectsIn(calls).map((call, index) => {
    const { function: called } = call;
    const at = `${path}.tool_calls[${index}].function`;
    if (!isObject(called)) throw badMessage(at, 'is missing.');
    const { name, arguments: given } = called;
    if (typeof name !== 'string' || name === '') throw badMessage(`${at}.name`, 'is missing.');
    const id = asText(call.id) || `call_${position}_${index}`;
    const input = typeof given === 'string' ? given : JSON.stringify(given ?? {});
    return { id, name, call: { id, type: 'function', function: { name, arguments: input } } };
  });
}

/**
 * Calls that wait for their result. Ollama's results name a tool, or nothing: the first call of that name that waits
 * is meant, else the first.
 */
class OpenCalls {
  #waiting: MadeCall[] = [];

  add(calls: readonly MadeCall[]): void {
    if (calls.length > 0) this.#waiting = [...calls];
  }

  /** @returns the id of the call, or what the caller says it is; null where none waits */
  take(id: string | null, name: string | null): string | null {
    const waiting = this.#waiting;
    const found =
      waiting.find((call) => call.id === id) ??
      (id === null || id === '' ? (waiting.find((call) => call.name === name) ?? waiting[0]) : undefined);
    if (found === undefined) return id || null;
    this.#waiting = waiting.filter((call) => call !== found);
    return found.id;
  }
}
