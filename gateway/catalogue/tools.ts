/** Client tools by the start of their user agent, in the order they are looked for. */
const BY_USER_AGENT: readonly (readonly [pattern: RegExp, tool: string])[] = [
  [/^claude-(cli|code)/i, 'claude-code'],
  [/^codex/i, 'codex'],
  [/^opencode/i, 'opencode'],
  [/^cline/i, 'cline'],
  [/^roo-?code/i, 'roo-code'],
  [/^kilo-?code/i, 'kilo-code'],
  [/^continue/i, 'continue'],
  [/^qwen-?code/i, 'qwen-code'],
  [/copilot/i, 'copilot'],
  [/^cursor/i, 'cursor'],
  [/^zed\b/i, 'zed'],
  [/^aider|^litellm/i, 'aider'],
  [/jetbrains|intellij/i, 'jetbrains'],
  [/^kimi/i, 'kimi'],
  [/^(factory-cli|droid)/i, 'droid'],
  [/^pi[/-]/i, 'pi'],
  [/^xcode/i, 'xcode'],
  [/^ollama/i, 'ollama-sdk'],
  [/^openai\//i, 'openai-sdk'],
  [/^anthropic\//i, 'anthropic-sdk'],
  [/^ai(-sdk)?\/|ai-sdk/i, 'ai-sdk'],
  [/^langchain/i, 'langchain'],
  [/^python-(requests|httpx)/i, 'python'],
  [/^curl\//i, 'curl'],
];

const BY_PRESET: Readonly<Record<string, string>> = { claudecode: 'claude-code', roocode: 'roo-code' };

/** Of requests that `ntl doctor` makes to try a tool's settings: the tool itself has sent nothing. */
export const DOCTOR_AGENT = 'ntl-doctor';

/** User agents are the callers' own words, and may be any number. */
const MOST_KEPT = 500;
const known = new Map<string, string>();

/** Names the calling tool for the audit row: the route's preset says it, else the user agent. */
export function clientTool(preset: string | null, userAgent = ''): string {
  if (userAgent === DOCTOR_AGENT) return 'doctor';
  if (preset !== null) return BY_PRESET[preset] ?? preset;
  const before = known.get(userAgent);
  if (before !== undefined) return before;
  const tool = BY_USER_AGENT.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'other';
  if (known.size >= MOST_KEPT) known.clear();
  known.set(userAgent, tool);
  return tool;
}
