/** What happened to a tool's files since `ntl connect` wrote them. */
import { previewDisconnect } from '../setup/connection.ts';
import { type Machine, shownPath } from '../setup/machine.ts';
import type { Records, ToolRecord } from '../setup/records.ts';
import { bad, connectAgain, type Finding, warn } from './finding.ts';
import type { ReadSettings } from './read-settings.ts';

interface Where {
  machine: Machine;
  records: Records;
}

/** Values of ours that somebody changed, and files that the tool does not look for any more. */
export function changesSince(where: Where, record: ToolRecord, read: ReadSettings, name: string): Finding[] {
  return [...changedValues(where, record, name), ...movedFiles(where, record, read, name)];
}

function changedValues({ machine, records }: Where, { tool }: ToolRecord, name: string): Finding[] {
  const changes = previewDisconnect(records, tool)?.changes ?? [];
  return changes.flatMap(({ path, kept }) => {
    if (kept.length === 0) return [];
    const names = kept.map((at) => at.filter((part) => typeof part === 'string').join('.')).join(', ');
    const what = `${name}: somebody changed ${names} in ${shownPath(machine, path)} since it was set up.`;
    const mend = connectAgain(tool, 'If the tool does not work, set it up again');
    return [warn({ check: 'settings', tool }, what, mend)];
  });
}

/** Such as CODEX_HOME and XDG_CONFIG_HOME. */
const NAMES_A_PLACE = /^(?!HOME$).*(_HOME|_DIR|_CONFIG|ZDOTDIR|APPDATA)$/;

/** A variable of the environment may name another place than it did, or does no more. */
function movedFiles(
  { machine }: Where,
  { tool, files }: ToolRecord,
  { paths }: ReadSettings,
  name: string,
): Finding[] {
  const gone = files.find(({ path }) => paths.length > 0 && !paths.includes(path));
  const [now] = paths;
  if (gone === undefined || now === undefined) return [];
  const by = Object.entries(machine.env).find(
    ([variable, value]) =>
      NAMES_A_PLACE.test(variable) && value !== undefined && value !== '' && now.startsWith(value),
  );
  const why = by === undefined ? '' : `, as ${by[0]} says`;
  const what = `${name} was set up in ${shownPath(machine, gone.path)}, and reads ${shownPath(machine, now)} now${why}.`;
  const mend = by === undefined ? 'Set it up again' : `Unset ${by[0]}, or set it up again`;
  return [bad({ check: 'moved', tool }, what, connectAgain(tool, mend))];
}
