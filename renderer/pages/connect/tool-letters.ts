import { initials } from '../../format.ts';

/** Where the first letters of the name would not tell it from another. */
const LETTERS: Readonly<Record<string, string>> = {
  codex: 'Cx',
  opencode: 'oc',
  'kilo-code': 'Ki',
  'qwen-code': 'Qw',
  kimi: 'Km',
  'roo-code': 'Ro',
  copilot: 'Cp',
  jetbrains: 'JB',
  'openai-sdk': 'OA',
  'anthropic-sdk': 'An',
  'vercel-ai-sdk': 'AI',
};

/** Two letters for a tool's tile. */
export function toolLetters(id: string, label: string): string {
  return LETTERS[id] ?? initials(label);
}
