import type { Command } from 'commander';
import { createProgram } from '../../gateway/cli/program.ts';

/** Commands that do something, by the words that lead to them: groups of commands are left out. */
export function commandsOf(
  command: Command,
  path: readonly string[] = [],
): [path: string, command: Command][] {
  const children = command.commands.flatMap((child) => commandsOf(child, [...path, child.name()]));
  // A group shows its help when it is called alone; `requests` does something and has commands, too.
  const isGroup = children.length > 0 && path[0] !== 'requests';
  return isGroup ? children : [[path.join(' '), command], ...children];
}

/**
 * Reads a command line with the real parser, up to what the command would do.
 * @param line words after `ntl`, as a shell would split them
 * @returns the command that would run, such as `keys create`
 * @throws CommanderError for what the parser refuses
 */
export async function parseOnly(line: string): Promise<string | undefined> {
  const program = createProgram();
  let wouldRun: string | undefined;
  for (const [path, command] of commandsOf(program)) {
    command.action(() => {
      wouldRun = path;
    });
  }
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  await program.parseAsync(words, { from: 'user' });
  return wouldRun;
}
