import type { ToolSetup } from './tool-setup.ts';
import { aider } from './tools/aider.ts';
import { cursor, jetbrains, rooCode } from './tools/by-hand.ts';
import { claudeCode } from './tools/claude-code.ts';
import { cline } from './tools/cline.ts';
import { codex } from './tools/codex.ts';
import { continueDev } from './tools/continue.ts';
import { copilot } from './tools/copilot.ts';
import { droid } from './tools/droid.ts';
import { kiloCode } from './tools/kilo-code.ts';
import { kimi } from './tools/kimi.ts';
import { opencode } from './tools/opencode.ts';
import { pi } from './tools/pi.ts';
import { qwenCode } from './tools/qwen-code.ts';
import { anthropicSdk, openaiSdk } from './tools/sdks.ts';
import { zed } from './tools/zed.ts';

/** In the order of the recipes. */
export const SETUPS: readonly ToolSetup[] = [
  ...[claudeCode, codex, opencode, kiloCode, qwenCode, droid, kimi, pi, aider],
  ...[cursor, cline, rooCode, continueDev, copilot, zed, jetbrains],
  ...[openaiSdk, anthropicSdk],
];
