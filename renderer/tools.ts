/** What people call the tools that audit rows name. */
const NAMES: Readonly<Record<string, string>> = {
  'claude-code': 'Claude Code',
  codex: 'Codex',
  opencode: 'opencode',
  cline: 'Cline',
  'roo-code': 'Roo Code',
  'kilo-code': 'Kilo Code',
  continue: 'Continue',
  'qwen-code': 'Qwen Code',
  copilot: 'Copilot',
  cursor: 'Cursor',
  zed: 'Zed',
  aider: 'aider',
  jetbrains: 'JetBrains',
  kimi: 'Kimi',
  droid: 'Droid',
  pi: 'pi',
  xcode: 'Xcode',
  'ollama-sdk': 'Ollama SDK',
  'openai-sdk': 'OpenAI SDK',
  'anthropic-sdk': 'Anthropic SDK',
  'ai-sdk': 'AI SDK',
  langchain: 'LangChain',
  python: 'Python',
  curl: 'curl',
  playground: 'Playground',
  doctor: 'ntl doctor',
  other: 'another tool',
};

/** The tool's own name; an owner's preset goes by its id. */
export function toolName(id: string): string {
  return NAMES[id] ?? id;
}

/** Those that a filter offers: all there are names for. */
export const TOOLS: readonly { value: string; label: string }[] = Object.entries(NAMES).map(
  ([value, label]) => ({ value, label }),
);
