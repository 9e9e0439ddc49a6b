import type { Recipe } from './recipe.ts';
import { aider } from './tools/aider.ts';
import { anthropicSdk } from './tools/anthropic-sdk.ts';
import { claudeCode } from './tools/claude-code.ts';
import { cline } from './tools/cline.ts';
import { codex } from './tools/codex.ts';
import { continueDev } from './tools/continue.ts';
import { copilot } from './tools/copilot.ts';
import { curl } from './tools/curl.ts';
import { cursor } from './tools/cursor.ts';
import { droid } from './tools/droid.ts';
import { jetbrains } from './tools/jetbrains.ts';
import { kiloCode } from './tools/kilo-code.ts';
import { kimi } from './tools/kimi.ts';
import { openaiSdk } from './tools/openai-sdk.ts';
import { opencode } from './tools/opencode.ts';
import { pi } from './tools/pi.ts';
import { qwenCode } from './tools/qwen-code.ts';
import { rooCode } from './tools/roo-code.ts';
import { vercelAiSdk } from './tools/vercel-ai-sdk.ts';
import { zed } from './tools/zed.ts';

/** In the order they are shown. */
export const RECIPES: readonly Recipe[] = [
  ...[claudeCode, codex, opencode, kiloCode, qwenCode, droid, kimi, pi, aider],
  ...[cursor, cline, rooCode, continueDev, copilot, zed, jetbrains],
  ...[curl, openaiSdk, anthropicSdk, vercelAiSdk],
];
