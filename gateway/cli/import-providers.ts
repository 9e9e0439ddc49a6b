import { resolve } from 'node:path';
import { shownPath, thisMachine } from '../connect/setup/machine.ts';
import { onFile } from '../connect/setup/setup-error.ts';
import type { ImportKnown, Settings } from '../doors/admin/contract.ts';
import type { Finding } from '../imports/finding.ts';
import { look, textAt } from '../imports/look.ts';
import { isOneOf } from '../imports/own-address.ts';
import type { Source, SourceText } from '../imports/source.ts';
import { filesThere, SOURCES } from '../imports/sources.ts';
import { CliError, EXIT, usageError } from './failures.ts';
import { folderOfCall } from './folder-of-call.ts';
import { answerOf, findingText, type Known, leftText } from './import-text.ts';
import { plain, table } from './output.ts';
import { takeEach } from './take-over.ts';
import type { Terminal } from './terminal.ts';

export interface ImportOptions {
  file?: string;
  variables?: string;
  only?: string[];
  publish?: true;
  dryRun?: true;
}

/** `ntl providers import`: where providers may be set up already. No file is read for this. */
export function showSources(terminal: Terminal): void {
  const machine = thisMachine();
  const data = SOURCES.map((source) => {
    const files = filesThere(source, machine).map((path) => shownPath(machine, path));
    const isThere = files.length > 0 || source.isThere?.(machine) === true;
    return { id: source.id, label: source.label, looksAt: source.looksAt, file: source.file, isThere, files };
  });
  const rows = table(
    data,
    [
      { title: 'SOURCE', of: ({ id }) => id },
      { title: 'WHAT', of: ({ label }) => label },
      {
        title: 'HERE',
        of: ({ file, isThere, files }) =>
          file === 'chosen' ? 'choose it: --file' : files.join(', ') || (isThere ? 'yes' : 'no'),
      },
    ],
    '',
  );
  const next = terminal.commandLine('providers import SOURCE');
  terminal.show(
    { data },
    () => `${rows}\nLook at one, and say of each provider whether to take it over: ${next}\n`,
  );
}

/** `ntl providers import SOURCE`: what this terminal and its user have, taken over one by one. */
export async function importProviders(
  terminal: Terminal,
  named: string,
  options: ImportOptions,
): Promise<void> {
  const source = sourceOf(terminal, named);
  const { ollamaUrl } = await terminal.admin.get<Settings>('/settings');
  const looked = look(source, {
    machine: thisMachine(),
    chosen: chosenFile(source, options.file),
    variables: options.variables === undefined ? undefined : fileAt(options.variables, '--variables'),
    isOwn: isOneOf([terminal.admin.url, ...(ollamaUrl === null ? [] : [ollamaUrl])]),
  });
  const findings = chosenOf(looked.findings, options.only);
  const known = await knownOf(terminal, findings);
  const { left, problems } = looked;
  if (!terminal.json) process.stdout.write(leftText(left));
  for (const problem of problems) process.stderr.write(`${plain(problem)}\n`);
  if (problems.length > 0) process.exitCode = EXIT.failed;
  const taken = options.dryRun
    ? shown(terminal, findings, known)
    : await takeEach(terminal, { source, findings, known, publish: options.publish === true });
  if (findings.length === 0 && !terminal.json) terminal.say(nothingText(source));
  terminal.show({ source: source.id, findings: taken, left, problems }, () => '');
}

function nothingText({ label }: Source): string {
  return `Nothing to take over was found in ${label}.`;
}

/** @throws CliError that names the sources there are */
function sourceOf(terminal: Terminal, named: string): Source {
  const source = SOURCES.find(({ id }) => id === named) ?? SOURCES.find(({ id }) => id === SHORT.get(named));
  if (source !== undefined) return source;
  throw usageError(`There is no source ${named}. All of them: ${terminal.commandLine('providers import')}`);
}

/** What people call them by. */
const SHORT = new Map([
  ['env', 'environment'],
  ['.env', 'env-file'],
  ['claude', 'claude-code'],
  ['ccr', 'claude-code-router'],
]);

function chosenFile(source: Source, file: string | undefined): SourceText | undefined {
  if (source.file !== 'chosen') {
    if (file !== undefined) throw usageError(`${source.label} has files of its own: leave --file out.`);
    return undefined;
  }
  if (file === undefined) throw usageError(`Say which file of ${source.label} to look at: --file FILE.`);
  return fileAt(file, '--file');
}

/** @throws CliError, SetupError */
function fileAt(file: string, option: string): SourceText {
  const machine = thisMachine();
  const path = resolve(folderOfCall(process.env), file);
  const found = onFile(path, () => textAt(machine, path));
  if (found === null) throw new CliError(`There is no file ${shownPath(machine, path)} for ${option}.`);
  return found;
}

function chosenOf(findings: readonly Finding[], only: readonly string[] | undefined): Finding[] {
  if (only === undefined) return [...findings];
  const fits = (finding: Finding, wanted: string) =>
    [finding.name, finding.id].some((name) => name.toLowerCase() === wanted.toLowerCase());
  const missing = only.filter((wanted) => !findings.some((finding) => fits(finding, wanted)));
  if (missing.length > 0) {
    const names = findings.map(({ name }) => name).join(', ') || 'nothing';
    throw new CliError(`There is no ${missing.join(', ')} to take over. Found: ${names}.`);
  }
  return findings.filter((finding) => only.some((wanted) => fits(finding, wanted)));
}

/** The gateway compares with what is in its vault. */
async function knownOf(terminal: Terminal, findings: readonly Finding[]): Promise<Known[]> {
  if (findings.length === 0) return [];
  const providers = findings.map(({ baseUrl, credential }) => ({ baseUrl, credential }));
  const { data } = await terminal.admin.post<ImportKnown>('/imports/known', { providers });
  return data;
}

function shown(
  terminal: Terminal,
  findings: readonly Finding[],
  known: readonly Known[],
): ReturnType<typeof answerOf>[] {
  return findings.map((finding, index) => {
    const there = known[index] ?? null;
    if (!terminal.json) process.stdout.write(findingText(finding, there));
    return answerOf(finding, there);
  });
}
