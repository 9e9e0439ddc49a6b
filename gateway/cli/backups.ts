import type { Command } from 'commander';
import type { Backup, Restore, Storage } from '../doors/admin/contract.ts';
import { CliError } from './failures.ts';
import { table } from './output.ts';
import { Terminal } from './terminal.ts';
import { localTime } from './units.ts';

const KIB = 1024;

/** `ntl backups list|create|restore`. */
export function addBackupCommands(program: Command): void {
  const backups = program.command('backups').description('copies of the database');
  backups
    .command('list')
    .description('the backups there are, newest first')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const storage = await terminal.admin.get<Storage>('/storage');
      terminal.show({ data: storage.backups }, () => backupsText(storage.backups));
    });
  backups
    .command('create')
    .description('make one now; old ones give way')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const backup = await terminal.admin.post<Backup>('/backups');
      terminal.show(backup, () => `Made ${backup.id}, ${size(backup.bytes)}.\n`);
    });
  backups
    .command('restore')
    .description('put one in the place of the database, which becomes a backup itself')
    .argument('<backup>', 'as the list calls it')
    .action(async (wanted: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      const { backups: all } = await terminal.admin.get<Storage>('/storage');
      const backup = all.find(({ id }) => id === wanted);
      if (backup === undefined) {
        throw new CliError(
          `There is no backup ${wanted}. All of them: ${terminal.commandLine('backups list')}`,
        );
      }
      await terminal.confirm(
        `Everything goes back to ${localTime(backup.at)}; keys revoked since then work again. What is there now is kept as a backup. Go on?`,
      );
      const restored = await terminal.admin.post<Restore>(`/backups/${backup.id}/restore`);
      terminal.show(restored, () => restoredText(restored));
    });
}

function backupsText(backups: readonly Backup[]): string {
  return table(
    backups,
    [
      { title: 'BACKUP', of: ({ id }) => id },
      { title: 'TIME', of: ({ at }) => localTime(at) },
      { title: 'SIZE', of: ({ bytes }) => size(bytes) },
      { title: 'OF', of: ({ replaced }) => (replaced ? 'before a restore' : '') },
    ],
    'No backups yet: the first is made a moment after the start.\n',
  );
}

function restoredText({ restarting }: Restore): string {
  if (restarting) return 'The gateway starts again with it now.\n';
  return 'The gateway takes it at its next start.\n';
}

function size(bytes: number): string {
  if (bytes < KIB * KIB) return `${Math.ceil(bytes / KIB)} KiB`;
  return `${(bytes / KIB / KIB).toFixed(1)} MiB`;
}
