import { resolve } from 'node:path';
import type { Command } from 'commander';
import { defaultDataDir } from '../data-dir.ts';
import { AdminClient } from './admin-client.ts';
import { commandLine } from './command-line.ts';
import { CliError, usageError } from './failures.ts';
import { plain } from './output.ts';
import { ask } from './prompt.ts';

/** Options that every command takes. */
export interface CommonOptions {
  dataDir?: string;
  json?: true;
  yes?: true;
}

const NOTHING_DONE = 'Nothing was changed.';

/** What a command works with: the gateway, and the terminal it answers to. */
export class Terminal {
  readonly dataDir: string;
  readonly json: boolean;
  /** Questions are answered with yes. */
  readonly yes: boolean;
  #admin: AdminClient | undefined;

  constructor(command: Command) {
    const { dataDir, json, yes } = command.optsWithGlobals<CommonOptions>();
    this.dataDir = dataDirOf(dataDir);
    this.json = json ?? false;
    this.yes = yes ?? false;
  }

  /** @throws NotRunning */
  get admin(): AdminClient {
    this.#admin ??= new AdminClient(this.dataDir);
    return this.#admin;
  }

  /** With `--json` the API's answer, else what is for people. Either ends with a line break. */
  show(answer: unknown, forPeople: () => string): void {
    process.stdout.write(this.json ? `${JSON.stringify(answer, null, 2)}\n` : forPeople());
  }

  /** Said beside the answer; with `--json` it keeps out of the answer's way. */
  say(text: string): void {
    (this.json ? process.stderr : process.stdout).write(`${text}\n`);
  }

  /** A command to paste. */
  commandLine(words: string): string {
    return commandLine(words, this.dataDir);
  }

  /**
   * Asks before something is lost. `--yes` answers.
   * @throws CliError when the answer is no, or nobody is there to give one
   */
  async confirm(question: string): Promise<void> {
    if (!(await this.agrees(question, NOTHING_DONE))) throw new CliError(NOTHING_DONE);
  }

  /**
   * Asks one question of several. `--yes` answers.
   * @param stopped what is said where somebody presses Ctrl-C
   * @throws CliError when nobody is there to answer, or whoever is wants no more of it
   */
  async agrees(question: string, stopped = 'Stopped.'): Promise<boolean> {
    if (this.yes) return true;
    if (!process.stdin.isTTY) throw usageError(`${plain(question)} Nobody can answer here: add --yes.`);
    const answer = await ask(`${plain(question)} [y/N] `, { stopped });
    return /^y(es)?$/i.test(answer.trim());
  }
}

/** @param given with `--data-dir` */
export function dataDirOf(given: string | undefined, environment: NodeJS.ProcessEnv = process.env): string {
  return resolve(given || defaultDataDir(environment));
}
