import type { Command } from 'commander';
import type {
  List,
  Provider,
  ProviderKindFacts,
  ProviderTest,
  UpstreamModel,
} from '../doors/admin/contract.ts';
import { EXIT } from './failures.ts';
import { findProvider } from './find.ts';
import { listCommand } from './list-command.ts';
import { plain } from './output.ts';
import { addProviderChanges } from './provider-changes.ts';
import { addProviderImport } from './provider-import.ts';
import { kindsText, providersText, testText } from './provider-text.ts';
import { publishedText, publishModels } from './publish.ts';
import { Terminal } from './terminal.ts';
import { type ListOrAll, listOrAll } from './values.ts';

/** `ntl providers`: the services that requests go to. */
export function addProviderCommands(program: Command): void {
  const providers = program.command('providers').description('services that requests go to');

  listCommand(providers)
    .description('all providers')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const list = await terminal.admin.list<Provider>('/providers');
      const empty = `No providers yet. Add one: ${terminal.commandLine('providers add openai')}`;
      terminal.show(list, () => providersText(list.data, empty));
    });

  providers
    .command('kinds')
    .description('the kinds of providers there are')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const list = await terminal.admin.get<List<ProviderKindFacts>>('/provider-kinds');
      terminal.show(list, () => kindsText(list.data));
    });

  addProviderChanges(providers);
  addProviderImport(providers);

  providers
    .command('remove')
    .description('remove a provider, its credential, and the targets that lead to it')
    .argument('<provider>', 'id or name')
    .action(async (named: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      const provider = await findProvider(terminal.admin, named);
      await terminal.confirm(`Remove provider ${provider.name} with its credential?`);
      const answer = await terminal.admin.delete(`/providers/${provider.id}`);
      terminal.show(answer, () => `Removed ${plain(provider.name)} and its credential.\n`);
    });

  providers
    .command('test')
    .description('call a provider to see whether address and credential are right')
    .argument('<provider>', 'id or name')
    .action(async (named: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      const provider = await findProvider(terminal.admin, named);
      const test = await terminal.admin.post<ProviderTest>(`/providers/${provider.id}/test`);
      if (!test.ok) process.exitCode = EXIT.failed;
      terminal.show(test, () => `${testText(provider, test)}\n`);
    });

  providers
    .command('models')
    .description('the models a provider lists now')
    .argument('<provider>', 'id or name')
    .option('--publish <ids>', 'publish these, or all, under the same ids', listOrAll)
    .action(async (named: string, options: { publish?: ListOrAll }, command: Command) => {
      const terminal = new Terminal(command);
      const provider = await findProvider(terminal.admin, named);
      if (options.publish !== undefined) {
        const published = await publishModels(terminal.admin, provider, options.publish);
        terminal.show(published, () => `${publishedText(published)}\n`);
        return;
      }
      const list = await terminal.admin.get<List<UpstreamModel>>(`/providers/${provider.id}/models`);
      terminal.show(
        list,
        () => list.data.map(({ id }) => `${plain(id)}\n`).join('') || 'It lists no models.\n',
      );
    });
}
