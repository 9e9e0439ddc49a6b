import { Command } from 'commander';
import packageFacts from '../../package.json' with { type: 'json' };
import { addAlertCommands } from './alerts.ts';
import { addBackupCommands } from './backups.ts';
import { addBillingCommands } from './billing.ts';
import { addBlockCommands } from './blocks.ts';
import { addChangesCommand } from './changes.ts';
import { addExamples } from './examples.ts';
import { addKeyCommands } from './keys.ts';
import { addLimitCommands } from './limits.ts';
import { addMemberCommands } from './members.ts';
import { addModelCommands } from './models.ts';
import { addPauseCommands } from './pause.ts';
import { addPlanCommands } from './plans.ts';
import { addPortableCommands } from './portable.ts';
import { addProviderCommands } from './providers.ts';
import { addQuotasCommand } from './quotas.ts';
import { addRequestCommands } from './requests.ts';
import { addSettingsCommand } from './settings.ts';
import { addShareCommands } from './share.ts';
import { addStatusCommand } from './status.ts';
import { addToolCommands } from './tool-commands.ts';
import { addTunnelCommands } from './tunnel.ts';
import { addUsageCommand } from './usage.ts';

/** All commands of `ntl`. Errors are thrown, none ends the process. */
export function createProgram(): Command {
  const program = new Command('ntl')
    .description(
      'NoTokenLimit: a local LLM gateway. Provider credentials stay here; your tools get local keys.',
    )
    .version(packageFacts.version, '-V, --version')
    .option('--data-dir <folder>', 'where data lives (or NTL_DATA_DIR)')
    .option('--json', "print the API's answer as JSON")
    .option('--yes', 'do not ask before something is removed')
    .configureHelp({
      showGlobalOptions: true,
      // Arguments are told by the command's own help; here the longest would push the rest off the screen.
      subcommandTerm: (command) => command.name(),
    })
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride();

  program
    .command('serve')
    .description('run the gateway in this terminal until Ctrl-C')
    .option('--host <address>', 'address to listen on (or NTL_HOST), 127.0.0.1 unless given')
    .option('--port <port>', 'port (or NTL_PORT), else the one set, else 7411; 0 takes a free one')
    .action(async (_options, command: Command) => {
      // The whole gateway: the other commands start quicker without it.
      const { readServeOptions } = await import('./serve-options.ts');
      const { serve } = await import('./serve.ts');
      await serve(readServeOptions(command.optsWithGlobals()));
    });
  addStatusCommand(program);
  addPauseCommands(program);
  addToolCommands(program);
  addProviderCommands(program);
  addModelCommands(program);
  addMemberCommands(program);
  addKeyCommands(program);
  addLimitCommands(program);
  addQuotasCommand(program);
  addBlockCommands(program);
  addPlanCommands(program);
  addRequestCommands(program);
  addUsageCommand(program);
  addAlertCommands(program);
  addChangesCommand(program);
  addSettingsCommand(program);
  addShareCommands(program);
  addTunnelCommands(program);
  addBillingCommands(program);
  addBackupCommands(program);
  addPortableCommands(program);
  addExamples(program);
  return program;
}
