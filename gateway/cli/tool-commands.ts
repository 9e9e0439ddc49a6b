import type { Command } from 'commander';
import type { ConnectOptions } from './connect.ts';
import type { PlaceOptions } from './connect-tool.ts';
import type { DoctorOptions } from './doctor/doctor.ts';
import { Terminal } from './terminal.ts';

/**
 * `ntl connect`, `disconnect`, `run` and `doctor`. What they do is loaded when one of them is asked for: it brings the
 * editors of settings files along, and `ntl serve` would keep them in memory for as long as it runs.
 */
export function addToolCommands(program: Command): void {
  program
    .command('doctor')
    .description('try what keeps tools from reaching the gateway, and say what to do')
    .argument('[tool]', 'look at this one alone, such as claude-code')
    .option('--try', 'ask each tool’s own model for one token, which its provider may charge for')
    .action(async (tool: string | undefined, options: DoctorOptions, command: Command) => {
      const { examine } = await import('./doctor/doctor.ts');
      await examine(new Terminal(command), tool, options);
    });
  program
    .command('connect')
    .description(
      'point a tool at this gateway: its settings are shown, then written; without a tool, all there are',
    )
    .argument('[tool]', 'such as claude-code, codex, opencode')
    .option('--model <model>', 'that it uses; else your default, or the first there is')
    .option('--small-model <model>', 'for its side jobs')
    .option('--address <url>', 'where the tool reaches the gateway; else where it listens')
    .option('--dry-run', 'show what would be written, and write nothing')
    .action(async (tool: string | undefined, options: ConnectOptions, command: Command) => {
      const { connectTool, showConnectable } = await import('./connect.ts');
      const terminal = new Terminal(command);
      if (tool === undefined) await showConnectable(terminal);
      else await connectTool(terminal, tool, options);
    });
  program
    .command('disconnect')
    .description('put a tool’s settings back as they were, and revoke its key')
    .argument('<tool>', 'such as claude-code, codex, opencode')
    .action(async (tool: string, _options, command: Command) => {
      const { disconnectTool } = await import('./connect.ts');
      await disconnectTool(new Terminal(command), tool);
    });
  program
    .command('run')
    .description('start a tool with this gateway’s address and a key for this run; nothing is written')
    .argument('<tool>', 'such as claude, codex, opencode')
    .argument('[arguments...]', 'for the tool, after --')
    .option('--model <model>', 'that it uses; else your default, or the first there is')
    .option('--small-model <model>', 'for its side jobs')
    .option('--address <url>', 'where the tool reaches the gateway; else where it listens')
    .action(async (tool: string, args: string[], options: PlaceOptions, command: Command) => {
      const { runTool } = await import('./run-tool.ts');
      await runTool(new Terminal(command), tool, args, options);
    });
}
