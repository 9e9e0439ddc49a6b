/** UTF-8 bytes a token: about right for English and code, and not far off where a letter takes three bytes. */
const BYTES_PER_TOKEN = 4;

/** RFC 2397, as clients write it for pictures and files; text may begin with `data:`, too. */
const DATA_URL = /^data:[\w.+-]+\/[\w.+-]+(;[\w.+=-]+)*;base64,/;

/** What providers count for a picture of usual size. */
const IMAGE_TOKENS = 1_500;

/**
 * What a service wraps each turn in: 3 tokens and 3 for the answer's beginning at OpenAI
 * (https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken), some more in templates of open models.
 */
const TURN_TOKENS = 6;

export interface InputEstimate {
  tokens: number;
  images: number;
}

export function tokensOfBytes(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/**
 * Estimates the input of a request from its parsed body: every text counts and every turn, pictures count by the
 * piece and not by their base64, token numbers (embeddings, completions) as the tokens they are. Walks without
 * recursion, since a body may be nested as deep as it is long.
 */
export function estimateInput(body: Record<string, unknown>): InputEstimate {
  let bytes = 0;
  let images = 0;
  let turns = 0;
  const waiting: unknown[] = [body];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') bytes += isDataUrl(value) ? 0 : Buffer.byteLength(value);
    else if (Array.isArray(value)) {
      for (const item of value) {
        if (typeof item === 'number') bytes += BYTES_PER_TOKEN;
        else waiting.push(item);
      }
    } else if (typeof value === 'object' && value !== null) {
      const fields = value as Record<string, unknown>;
      if (isImage(fields)) images++;
      if (typeof fields.role === 'string') turns++;
      for (const key in fields) {
        if (key !== 'data' || !holdsBase64(fields)) waiting.push(fields[key]);
      }
    }
  }
  return { tokens: tokensOfBytes(bytes) + turns * TURN_TOKENS + images * IMAGE_TOKENS, images };
}

/** Text may be long, and most of it begins with another word. */
function isDataUrl(text: string): boolean {
  return text.startsWith('data:') && DATA_URL.test(text);
}

/** Sources of Messages; `input_audio` of Chat Completions, which tells its format beside. */
function holdsBase64(part: Record<string, unknown>): boolean {
  return part.type === 'base64' || part.format === 'wav' || part.format === 'mp3';
}

/** Image parts of Chat Completions, Responses and Messages. */
function isImage(part: Record<string, unknown>): boolean {
  return part.type === 'image_url' || part.type === 'input_image' || part.type === 'image';
}
