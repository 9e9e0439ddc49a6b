/** Variables of this shell that stand beside the settings of a connected tool: which of the two counts. */
import { leadsTo, urlOf } from '../../connect/doctor/address.ts';
import { bad, type Finding, ok, warn } from '../../connect/doctor/finding.ts';
import type { GatewayView } from '../../connect/doctor/gateway-view.ts';
import { keyHashOf } from '../../connect/setup/key-in-text.ts';
import type { ToolRecord } from '../../connect/setup/records.ts';
import { type Environment, howToUnset } from './variables.ts';

type Kind = 'address' | 'key' | 'switch';

/** What follows from a variable that sends a tool elsewhere by being set. */
const BEFORE_FILES = 'takes what that says before its files';
const TO_SERVICE = 'goes to that service in place of this gateway';

/**
 * Which counts where both say something. Claude Code 2.1, Codex 0.169, Qwen Code 0.24, Continue 1.5 and pi 0.73 were run
 * with both set; of Claude Code before 2.0.1 the shell's counted. aider: https://aider.chat/docs/config.html, options by AIDER_
 * variables come before the file's. opencode and Kilo Code: https://opencode.ai/docs/config, "precedence order".
 */
const RULES: Readonly<
  Record<
    string,
    readonly (readonly [name: string, kind: Kind, wins: 'shell' | 'settings', follows?: string])[]
  >
> = {
  'claude-code': [
    ['ANTHROPIC_BASE_URL', 'address', 'settings'],
    ['ANTHROPIC_AUTH_TOKEN', 'key', 'settings'],
    ['ANTHROPIC_API_KEY', 'key', 'settings'],
    ['CLAUDE_CODE_USE_BEDROCK', 'switch', 'shell', TO_SERVICE],
    ['CLAUDE_CODE_USE_VERTEX', 'switch', 'shell', TO_SERVICE],
    ['CLAUDE_CODE_USE_FOUNDRY', 'switch', 'shell', TO_SERVICE],
  ],
  codex: [
    ['OPENAI_BASE_URL', 'address', 'settings'],
    ['OPENAI_API_KEY', 'key', 'settings'],
    ['NTL_KEY', 'key', 'settings'],
  ],
  'qwen-code': [
    ['OPENAI_BASE_URL', 'address', 'settings'],
    ['OPENAI_API_KEY', 'key', 'settings'],
    ['NTL_KEY', 'key', 'shell'],
  ],
  aider: [
    ['AIDER_OPENAI_API_BASE', 'address', 'shell'],
    ['AIDER_OPENAI_API_KEY', 'key', 'shell'],
    ['AIDER_MODEL', 'switch', 'shell', 'asks for that model in place of its settings’'],
    ['OPENAI_API_BASE', 'address', 'settings'],
    ['OPENAI_API_KEY', 'key', 'settings'],
  ],
  opencode: [['OPENCODE_CONFIG_CONTENT', 'switch', 'shell', BEFORE_FILES]],
  'kilo-code': [['KILO_CONFIG_CONTENT', 'switch', 'shell', BEFORE_FILES]],
  pi: [['NTL_KEY', 'key', 'settings']],
  continue: [['NTL_KEY', 'key', 'shell']],
  'openai-sdk': [
    ['OPENAI_BASE_URL', 'address', 'shell'],
    ['OPENAI_API_KEY', 'key', 'shell'],
  ],
  'anthropic-sdk': [
    ['ANTHROPIC_BASE_URL', 'address', 'shell'],
    ['ANTHROPIC_AUTH_TOKEN', 'key', 'shell'],
  ],
};

/** @param record of the connected tool */
export function overrideFindings(
  environment: Environment,
  { tool, keyHash, origin }: ToolRecord,
  view: GatewayView,
): Finding[] {
  const here = [...view.addresses, ...view.sharedUrls, origin];
  return (RULES[tool] ?? []).flatMap(([name, kind, wins, follows]): Finding[] => {
    const value = environment[name];
    if (!value) return [];
    const url = kind === 'address' ? urlOf(value) : null;
    if (kind === 'switch' && /^(0|false)$/i.test(value)) return [];
    if (kind === 'address' && (url === null || leadsTo(url, here))) return [];
    if (kind === 'key' && keyHashOf(value) === keyHash) return [];
    const about = { check: 'override', tool };
    const what = `${tool}: ${name} ${holds(kind, url)} in this shell`;
    const mend = { text: `To be rid of it: ${howToUnset(name, environment)}` };
    if (wins === 'shell') {
      const counts = follows === undefined ? 'it counts before its settings' : `the tool ${follows}`;
      return [bad(about, `${what}, and ${counts}.`, mend)];
    }
    if (kind === 'key') return [ok(about, `${what}; its own settings count before it.`)];
    return [
      warn(about, `${what}. Its own settings count before it; other programs of this shell go there.`, mend),
    ];
  });
}

function holds(kind: Kind, url: URL | null): string {
  if (kind === 'key') return 'holds another key';
  return kind === 'switch' ? 'is set' : `is ${url?.origin ?? ''}`;
}
