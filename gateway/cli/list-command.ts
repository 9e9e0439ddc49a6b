import type { Command } from 'commander';

/** `list` of a group, which is also what the group's bare name does: `ntl members` is `ntl members list`. */
export function listCommand(group: Command): Command {
  return group
    .command('list', { isDefault: true })
    .allowExcessArguments()
    .hook('preAction', (command) => {
      // Whatever is no subcommand comes here, too.
      const [word] = command.args;
      if (word !== undefined) command.error(`error: unknown command '${word}' of ${group.name()}`);
    });
}
