/** Where providers and keys may be set up already. Nothing here needs Node: the panel knows them by these, too. */
export const SOURCE_IDS = [
  ...(['environment', 'env-file', 'claude-code', 'codex'] as const),
  ...(['continue', 'litellm', 'claude-code-router'] as const),
] as const;

export type SourceId = (typeof SOURCE_IDS)[number];
