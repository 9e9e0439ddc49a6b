/** One page of a provider's model listing. */
export interface ModelPage {
  ids: string[];
  /** Cursor for `after_id`, or null on the last page (https://docs.claude.com/en/api/models-list). */
  next: string | null;
}

/**
 * Reads a model listing in any of the forms seen: `{data: [{id}]}` (OpenAI, Anthropic), `{models: [{id}]}`,
 * or a bare array (Together AI).
 * @throws Error when it is none of them
 */
export function parseModelPage(text: string): ModelPage {
  const json = parseJson(text);
  const list = listOf(json);
  if (list === undefined) throw new Error('The model listing has an unknown form.');
  const ids = list.map(idOf).filter((id) => id !== undefined);
  const more = isRecord(json) && json.has_more === true && typeof json.last_id === 'string';
  return { ids, next: more ? String(json.last_id) : null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('The model listing is not JSON.');
  }
}

function listOf(json: unknown): unknown[] | undefined {
  const found = isRecord(json) ? (json.data ?? json.models) : json;
  return Array.isArray(found) ? found : undefined;
}

function idOf(entry: unknown): string | undefined {
  if (!isRecord(entry) || typeof entry.id !== 'string' || entry.id === '') return undefined;
  // Gemini lists `models/gemini-…` and takes both forms; prices know the short one.
  return entry.id.startsWith('models/') ? entry.id.slice('models/'.length) : entry.id;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
