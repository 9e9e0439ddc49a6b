import type { Command } from 'commander';
import type { ImportOptions } from './import-providers.ts';
import { Terminal } from './terminal.ts';
import { list } from './values.ts';

/** `ntl providers import`. What it does is loaded when it is asked for: it brings the parsers of settings files along. */
export function addProviderImport(providers: Command): void {
  providers
    .command('import')
    .description(
      'take over providers and keys set up elsewhere, one at a time; without a source, all there are',
    )
    .argument('[source]', 'such as environment, claude-code, litellm')
    .option('--file <file>', 'the .env or config.yaml to look at')
    .option('--variables <file>', 'NAME=value lines for what settings refer to; else the environment')
    .option('--only <names>', 'these of what is found, by name or by where it stands', list)
    .option('--publish', 'publish the models it names, where nobody has the name')
    .option('--dry-run', 'show what is found, and store nothing')
    .action(async (source: string | undefined, options: ImportOptions, command: Command) => {
      const { importProviders, showSources } = await import('./import-providers.ts');
      const terminal = new Terminal(command);
      if (source === undefined) showSources(terminal);
      else await importProviders(terminal, source, options);
    });
}
