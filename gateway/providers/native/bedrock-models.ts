/** What models on Bedrock differ in, as far as requests depend on it. */

export interface BedrockModel {
  /** Takes what Anthropic's own protocol has, beside Converse's fields. */
  anthropic: boolean;
  /**
   * Takes cache points, and for how long at most.
   * https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
   */
  caching: '5m' | '1h' | null;
}

/** Anthropic's models before caching came. */
const NO_CACHING = /claude-(?:v\d|instant|3-(?:opus|sonnet|haiku)-2024|3-5-sonnet-20240620)/;

/**
 * @param id of a model, an inference profile (`us.anthropic.…`), or an ARN. That of an application's own profile
 *   tells nothing: it is taken for a model that has Converse's fields alone.
 */
export function bedrockModel(id: string): BedrockModel {
  const name = id.toLowerCase();
  if (/anthropic|claude/.test(name)) return { anthropic: true, caching: NO_CACHING.test(name) ? null : '1h' };
  return { anthropic: false, caching: /amazon\.nova/.test(name) ? '5m' : null };
}
