import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { SOURCE_IDS } from '../imports/source-ids.ts';
import type { ImportReport } from '../store/portable/import.ts';
import { commandLine } from './command-line.ts';
import { CliError } from './failures.ts';
import { plain } from './output.ts';
import { Terminal } from './terminal.ts';
import { localTime } from './units.ts';

/** `ntl export FILE` and `ntl import FILE`: from one computer to another, without secrets. */
export function addPortableCommands(program: Command): void {
  program
    .command('export')
    .description('write everything but secrets to a file, to move to another computer')
    .argument('<file>', 'a new file')
    .option('--audit', 'with every row of the audit log; sums are there anyway')
    .action(async (file: string, options: { audit?: true }, command: Command) => {
      const terminal = new Terminal(command);
      const report = await exportTo(resolve(file), terminal.dataDir, options.audit ?? false);
      terminal.show(report, () => exportedText(file, report, terminal));
    });

  program
    .command('import')
    .description('take what export wrote; no gateway may run on the data folder')
    .argument('<file>', 'as export wrote it')
    .option('--replace', 'take the place of what is there, which becomes a backup')
    .action(async (file: string, options: { replace?: true }, command: Command) => {
      const terminal = new Terminal(command);
      const report = await importFrom(file, terminal.dataDir, options.replace ?? false);
      terminal.show(report, () => importedText(report, terminal));
    });
}

async function exportTo(file: string, dataDir: string, audit: boolean) {
  const { exportFolder, NothingToExport } = await import('../store/portable/export.ts');
  if (existsSync(file)) throw new CliError(`${file} is there already. Name a new file.`);
  const out = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  const failed = once(out, 'error').then(([error]) => {
    throw error;
  });
  failed.catch(() => undefined);
  try {
    await Promise.race([once(out, 'open'), failed]);
    const report = await exportFolder(dataDir, { audit, now: Date.now() }, (line) =>
      out.write(`${line}\n`) ? undefined : Promise.race([once(out, 'drain').then(() => undefined), failed]),
    );
    out.end();
    await Promise.race([once(out, 'finish'), failed]);
    return report;
  } catch (error) {
    out.destroy();
    if (!isExists(error)) rmSync(file, { force: true });
    throw error instanceof NothingToExport ? new CliError(error.message) : error;
  }
}

async function importFrom(named: string, dataDir: string, replace: boolean): Promise<ImportReport> {
  const { importInto, ImportRefused } = await import('../store/portable/import.ts');
  const { StoreError } = await import('../store/store.ts');
  const file = resolve(named);
  if (!existsSync(file)) throw new CliError(`There is no file ${file}.${elsewhere(named, dataDir)}`);
  const lines = createInterface({
    input: createReadStream(file, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  try {
    return await importInto(dataDir, lines, { replace, now: Date.now() });
  } catch (error) {
    if (error instanceof ImportRefused || error instanceof StoreError)
      throw new CliError(error.message, 1, { cause: error });
    throw error;
  } finally {
    lines.close();
  }
}

/** Another tool is no file of ours; it may be what was meant. */
function elsewhere(named: string, dataDir: string): string {
  if (!SOURCE_IDS.some((id) => id === named)) return '';
  return ` Providers of other tools come with: ${commandLine(`providers import ${named}`, dataDir)}`;
}

interface Counted {
  rows: number;
  tables: Record<string, number>;
  credentials: string[];
}

function countsText({ tables }: Counted): string {
  const shown = { members: 'members', api_keys: 'keys', providers: 'providers', models: 'models' };
  return [...Object.entries(shown), ['requests', 'audit rows']]
    .map(([table, words]) => `${(tables[table as string] ?? 0).toLocaleString('en-US')} ${words}`)
    .join(', ');
}

function exportedText(file: string, report: Counted, terminal: Terminal): string {
  const lines = [
    `Wrote ${plain(file)}: ${countsText(report)}.`,
    'Keys are in it by their hash: they go on working where it is imported. Credentials are not.',
    'It names people and what they used: keep it as you keep a backup.',
    `On the other computer: ${terminal.commandLine('import FILE')}`,
  ];
  return `${lines.join('\n')}\n`;
}

function importedText(report: ImportReport, terminal: Terminal): string {
  const { at, credentials, setUpAgain, kept } = report;
  const lines = [`Imported what was exported on ${localTime(at)}: ${countsText(report)}.`];
  if (kept !== null) lines.push(`What was there before is kept as ${kept}.`);
  if (credentials.length > 0) {
    lines.push(`These providers need their credential again: ${credentials.map(plain).join(', ')}.`);
    lines.push(
      `Start the gateway, then for each: ${terminal.commandLine('providers update NAME --new-credential')}`,
    );
  }
  for (const what of setUpAgain) lines.push(`To be set up again: ${plain(what)}.`);
  lines.push(`Start it: ${terminal.commandLine('serve')}`);
  return `${lines.join('\n')}\n`;
}

function isExists(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
