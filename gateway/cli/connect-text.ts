import { KEY_PLACEHOLDER } from '../connect/recipe.ts';
import type { FileChange } from '../connect/setup/change.ts';
import type { Connected, Disconnected } from '../connect/setup/connection.ts';
import { type DiffLine, diffOf } from '../connect/setup/diff.ts';
import { type Machine, shownPath } from '../connect/setup/machine.ts';
import type { Found, ToolSetup } from '../connect/setup/tool-setup.ts';
import type { ConnectRecipe } from '../doors/admin/contract.ts';
import { placeOf } from './connect-tool.ts';
import { needsPublicAddress } from './connect-tunnel.ts';
import { plain } from './output.ts';
import type { Terminal } from './terminal.ts';

const MARKS: Readonly<Record<DiffLine['kind'], string>> = {
  same: '  ',
  added: '+ ',
  removed: '- ',
  gap: '  …',
};

/** What would be written, as a diff; keys are shown by their first letters. */
export function changesText(
  machine: Machine,
  recipe: ConnectRecipe,
  { changes, settled }: { changes: readonly FileChange[]; settled: boolean },
): string {
  const shown = changes.map((change) => fileText(machine, change)).join('\n');
  if (settled) return shown === '' ? '' : `${recipe.label} is set up already.\n`;
  return shown === '' ? '' : `${shown}\n`;
}

function fileText(machine: Machine, { path, now, next }: FileChange): string {
  const head = plain(shownPath(machine, path));
  if (next === null) return `${head}: ${now === null ? 'is gone' : 'goes away; it was made for this'}\n`;
  const { lines, added, removed } = diffOf(now?.toString() ?? '', next.toString());
  if (added + removed === 0) return `${head}: stays as it is\n`;
  const told = [added > 0 ? `${added} added` : '', removed > 0 ? `${removed} removed` : ''].filter(
    (text) => text !== '',
  );
  const body = lines.map(({ kind, text }) => `  ${MARKS[kind]}${tabbed(text)}`.trimEnd());
  return `${head}: ${now === null ? 'new' : told.join(', ')}\n${body.join('\n')}\n`;
}

/** A file may hold what steers a terminal; tabs alone are meant. */
function tabbed(text: string): string {
  return text.split('\t').map(plain).join('\t');
}

export function connectedText(
  machine: Machine,
  recipe: ConnectRecipe,
  done: Connected,
  settled: boolean,
): string {
  if (settled && done.newKey === null) return `Nothing changed. ${recipe.label} has ${recipe.model}.\n`;
  const files = done.record.files.map(({ path }) => shownPath(machine, path));
  if (files.length === 0) return '';
  const key = done.newKey === null ? 'with the key it had' : 'with a key of its own';
  return plain(`Wrote ${files.join(', ')}, ${key}.`).concat('\n');
}

/** What is left to do; the key, where the tool must be told it by hand. */
export function nextText(
  terminal: Terminal,
  machine: Machine,
  setup: ToolSetup,
  recipe: ConnectRecipe,
  done: Connected,
): string {
  const { newKey, byHand, record, found } = done;
  const form = record.files.length === 0 ? formLines(recipe, newKey) : [];
  const shown = newKey !== null && form.some((line) => line.includes(newKey));
  const lines = [
    ...warningLines(terminal, recipe),
    ...(setup.steps?.(placeOf(recipe), found, machine) ?? []),
    ...form,
    ...(byHand ? [keyLine(newKey, shown)] : []),
    recipe.firstRequest,
    `Take it back: ${terminal.commandLine(`disconnect ${setup.id}`)}`,
  ];
  return `\n${lines.map(plain).join('\n')}\n`;
}

/** A tool that cannot reach this computer is told how it can. */
function warningLines(terminal: Terminal, recipe: ConnectRecipe): string[] {
  const warnings = recipe.notes.filter(({ tone }) => tone === 'warn').map(({ text }) => `! ${text}`);
  if (warnings.length === 0 || !needsPublicAddress(recipe)) return warnings;
  const [open, again] = ['tunnel start', `connect ${recipe.id}`].map((words) => terminal.commandLine(words));
  return [...warnings, `Open a tunnel: ${open}. Then, for its address: ${again}`];
}

/** What will have to be entered, before there is a key. */
export function byHandText(machine: Machine, setup: ToolSetup, recipe: ConnectRecipe, found: Found): string {
  const steps = setup.steps?.(placeOf(recipe), found, machine) ?? [];
  const lines = [...steps, ...formLines(recipe, null)];
  return `${lines.map(plain).join('\n')}\n`;
}

function formLines({ ways }: ConnectRecipe, key: string | null): string[] {
  const way = ways.find(({ id }) => id === 'form') ?? ways[0];
  if (way === undefined) return [];
  const blocks = way.blocks.flatMap(({ title, text }) => {
    const keyed = key === null ? text : text.replaceAll(KEY_PLACEHOLDER, key);
    const [first = '', ...more] = keyed.split('\n');
    if (more.length === 0) return [`  ${title}: ${first}`];
    return [`  ${title}:`, ...[first, ...more].map((line) => `    ${line}`)];
  });
  return [`${way.label}:`, ...blocks];
}

function keyLine(key: string | null, shown: boolean): string {
  if (key === null) return 'The key was shown when it was made. Disconnect and connect again for another.';
  return shown ? 'The key is shown this once.' : `The key, shown this once: ${key}`;
}

export function disconnectedText(machine: Machine, recipe: ConnectRecipe, done: Disconnected): string {
  const lines = [
    ...done.changes.map(({ path, exact, kept }) => {
      const shown = shownPath(machine, path);
      if (exact) return `${shown} is as it was, to the byte.`;
      const left = kept.map((at) => at.map((part) => (typeof part === 'string' ? part : '[…]')).join('.'));
      const rest = left.length === 0 ? '' : ` These were changed by somebody and stay: ${left.join(', ')}.`;
      return `${shown} changed since: our entries were taken out of it.${rest}`;
    }),
    ...done.failures.map(({ message }) => message),
    `The key of ${recipe.label} is revoked.`,
  ];
  return `${lines.map(plain).join('\n')}\n`;
}
