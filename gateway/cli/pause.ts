import type { Command } from 'commander';
import type { Paused } from '../doors/admin/contract.ts';
import { Terminal } from './terminal.ts';

/** `ntl pause` and `ntl resume`. */
export function addPauseCommands(program: Command): void {
  program
    .command('pause')
    .description('refuse inference until it is resumed; running streams go on')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const paused = await terminal.admin.post<Paused>('/pause');
      terminal.show(paused, () => `Paused. Serve again: ${terminal.commandLine('resume')}\n`);
    });
  program
    .command('resume')
    .description('serve inference again')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const paused = await terminal.admin.post<Paused>('/resume');
      terminal.show(paused, () => 'Inference is served again.\n');
    });
}
