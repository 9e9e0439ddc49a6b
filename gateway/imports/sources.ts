import { existsSync } from 'node:fs';
import type { Machine } from '../connect/setup/machine.ts';
import type { Source } from './source.ts';
import { claudeCode } from './sources/claude-code.ts';
import { claudeCodeRouter } from './sources/claude-code-router.ts';
import { codex } from './sources/codex.ts';
import { continueDev } from './sources/continue.ts';
import { envFile } from './sources/env-file.ts';
import { environment } from './sources/environment.ts';
import { litellm } from './sources/litellm.ts';

/** In the order in which people are shown them. */
export const SOURCES: readonly Source[] = [
  ...[environment, claudeCode, codex, continueDev, claudeCodeRouter, envFile, litellm],
];

/** The files of a source that are there, by their paths. Nothing is read. */
export function filesThere(source: Source, machine: Machine): string[] {
  return source.paths(machine).filter((path) => existsSync(path));
}
