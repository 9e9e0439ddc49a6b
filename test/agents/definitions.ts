import type { Agent } from './agent.ts';
import { claudeCode } from './definitions/claude-code.ts';
import { cline } from './definitions/cline.ts';
import { codex, codexPatching, codexProgramming } from './definitions/codex.ts';
import { continueCli } from './definitions/continue.ts';
import { copilot } from './definitions/copilot.ts';
import { droid } from './definitions/droid.ts';
import { kiloCode } from './definitions/kilo-code.ts';
import { kimiCode } from './definitions/kimi-code.ts';
import { opencode } from './definitions/opencode.ts';
import { pi } from './definitions/pi.ts';
import { qwenCode } from './definitions/qwen-code.ts';

export const AGENTS: readonly Agent[] = [
  claudeCode,
  codex,
  codexPatching,
  codexProgramming,
  opencode,
  qwenCode,
  pi,
  cline,
  copilot,
  kiloCode,
  continueCli,
  droid,
  kimiCode,
];
