import {
  type Connected,
  connect,
  type Desk,
  disconnect,
  preview,
  previewDisconnect,
} from '../connect/setup/connection.ts';
import { thisMachine } from '../connect/setup/machine.ts';
import { Records } from '../connect/setup/records.ts';
import type { ToolSetup } from '../connect/setup/tool-setup.ts';
import type { ConnectRecipe } from '../doors/admin/contract.ts';
import { connectKeys } from './connect-keys.ts';
import { showConnectable } from './connect-list.ts';
import { byHandText, changesText, connectedText, disconnectedText, nextText } from './connect-text.ts';
import { type PlaceOptions, placeOf, setupOf } from './connect-tool.ts';
import { letThroughTunnel, reaching } from './connect-tunnel.ts';
import { CliError, EXIT } from './failures.ts';
import type { Terminal } from './terminal.ts';

export interface ConnectOptions extends PlaceOptions {
  dryRun?: true;
}

export { showConnectable };

/** `ntl connect TOOL`: a tool's own settings files, shown and written. */
export async function connectTool(terminal: Terminal, tool: string, options: ConnectOptions): Promise<void> {
  const setup = setupOf(terminal, tool);
  const { recipe, tunnel } = await reaching(terminal, tool, options);
  const place = placeOf(recipe);
  const desk = deskOf(terminal);
  const planned = await preview(desk, setup, place);
  const { machine } = desk;
  if (!terminal.json) process.stdout.write(changesText(machine, recipe, planned));
  if (options.dryRun) {
    const byHand = planned.changes.length === 0;
    terminal.show(planOf(setup, planned), () =>
      byHand ? byHandText(machine, setup, recipe, planned.found) : '',
    );
    return;
  }
  if (!planned.settled) await terminal.confirm(questionFor(recipe, planned.changes.length, tunnel));
  const done = await connect(desk, setup, place);
  if (tunnel !== null) await letThroughTunnel(terminal, done.record.keyId);
  terminal.show(
    answerOf(done),
    () =>
      connectedText(machine, recipe, done, planned.settled) +
      nextText(terminal, machine, setup, recipe, done),
  );
}

function questionFor({ label }: ConnectRecipe, files: number, tunnel: string | null): string {
  if (tunnel !== null) return `Make a key for ${label} that may come through the tunnel?`;
  return `${files === 0 ? 'Make a key for' : 'Write this for'} ${label}?`;
}

function planOf({ id }: ToolSetup, { changes, settled, record }: Awaited<ReturnType<typeof preview>>) {
  return { tool: id, connected: record !== null, settled, files: changes.map(({ path }) => path) };
}

/** The key is told where it is in no file: nobody could ask for it again. */
function answerOf({ record, newKey, byHand }: Connected) {
  const { tool, model, smallModel, origin, keyId, files } = record;
  const key = byHand && newKey !== null ? { key: newKey } : {};
  return { tool, model, smallModel, address: origin, keyId, ...key, files: files.map(({ path }) => path) };
}

/** `ntl disconnect TOOL`: what was written is taken back. */
export async function disconnectTool(terminal: Terminal, named: string): Promise<void> {
  const { id: tool } = setupOf(terminal, named);
  const desk = deskOf(terminal);
  const planned = previewDisconnect(desk.records, tool);
  if (planned === null)
    throw new CliError(`${tool} is not connected. What is: ${terminal.commandLine('connect')}`);
  const recipe = await terminal.admin.get<ConnectRecipe>(`/connect/tools/${tool}`);
  if (!terminal.json) process.stdout.write(changesText(desk.machine, recipe, { ...planned, settled: false }));
  await terminal.confirm(`Disconnect ${recipe.label} and revoke its key?`);
  const done = await disconnect(desk, tool);
  if (done === null) throw new CliError(`${tool} is not connected.`);
  if (done.failures.length > 0) process.exitCode = EXIT.failed;
  const answer = {
    tool,
    files: done.changes.map(({ path, exact, kept }) => ({ path, exact, kept: kept.length })),
    failures: done.failures.map(({ message }) => message),
  };
  terminal.show(answer, () => disconnectedText(desk.machine, recipe, done));
}

function deskOf(terminal: Terminal): Desk {
  return {
    machine: thisMachine(),
    records: new Records(terminal.dataDir),
    keys: connectKeys(terminal),
    now: Date.now,
  };
}
