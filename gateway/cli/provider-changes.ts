import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type {
  List,
  NewProvider,
  Provider,
  ProviderKindFacts,
  ProviderPatch,
  ProviderTest,
} from '../doors/admin/contract.ts';
import { freeName } from '../imports/free-name.ts';
import type { AdminClient } from './admin-client.ts';
import { type CredentialOptions, readCredential, refuseArgument } from './credential.ts';
import { CliError, EXIT, usageError } from './failures.ts';
import { findProvider } from './find.ts';
import { plain } from './output.ts';
import { testText } from './provider-text.ts';
import { publishedText, publishModels } from './publish.ts';
import { Terminal } from './terminal.ts';
import { addHeader, integer, type ListOrAll, listOrAll } from './values.ts';

interface SettingOptions extends CredentialOptions {
  name?: string;
  baseUrl?: string;
  priority?: number;
  proxy?: string;
  proxyEnv?: string;
  ca?: string;
  header?: Record<string, string>;
}

interface AddOptions extends SettingOptions {
  models?: ListOrAll;
}

interface UpdateOptions extends SettingOptions {
  newCredential?: true;
  removeCredential?: true;
  enable?: true;
  disable?: true;
}

/** `ntl providers add` and `update`. */
export function addProviderChanges(providers: Command): void {
  withSettings(providers.command('add').alias('create'))
    .description('add a provider; its credential is asked for, or piped in')
    .argument('<kind>', 'as `ntl providers kinds` lists them')
    .option('--no-credential', 'it needs none; ask for none')
    .option('--models <ids>', 'publish these of its models, or all, under the same ids', listOrAll)
    .action(async (kind: string, options: AddOptions, command: Command) => {
      await addProvider(new Terminal(command), kind, options);
    });

  withSettings(providers.command('update'))
    .description('change a provider; what is not given stays')
    .argument('<provider>', 'id or name')
    .option('--new-credential', 'replace the credential: asked for, or piped in')
    .option('--remove-credential', 'forget the credential')
    .addOption(new Option('--enable', 'use it again').conflicts('disable'))
    .option('--disable', 'send it nothing')
    .action(async (named: string, options: UpdateOptions, command: Command) => {
      await updateProvider(new Terminal(command), named, options);
    });
}

function withSettings(command: Command): Command {
  return command
    .option('--name <name>', 'what to call it')
    .option('--base-url <url>', 'where it answers, where the kind does not say')
    .option('--priority <number>', 'lower is tried first', integer)
    .option('--proxy <url>', 'http, https or socks5 proxy; direct for none, system for the usual')
    .option('--proxy-env <variable>', 'variable that holds a proxy URL with a password')
    .option('--ca <file>', 'PEM certificates to trust besides the usual ones; none for no more')
    .option('--header <name=value>', 'send with every call; may be repeated; never a credential', addHeader)
    .option('--credential-env <variable>', 'variable that holds the credential')
    .addOption(new Option('--credential [value]').hideHelp());
}

async function addProvider(terminal: Terminal, kind: string, options: AddOptions): Promise<void> {
  refuseArgument(options);
  const { admin } = terminal;
  const facts = await kindFacts(terminal, kind);
  if (facts.baseUrl === null && options.baseUrl === undefined) {
    throw usageError(`Only you know where ${facts.label} answers: give --base-url.`);
  }
  const settings = settingsOf(options);
  const credential = await readCredential(options, facts);
  const wanted: NewProvider = {
    ...settings,
    name: options.name ?? (await nameFor(admin, facts.label)),
    kind: facts.id,
    ...(credential === null ? {} : { credential }),
  };
  const provider = await admin.post<Provider>('/providers', wanted);
  terminal.show(provider, () =>
    plain(`Added ${provider.name} (id ${provider.id}) at ${provider.baseUrl}.`).concat('\n'),
  );
  await testAndPublish(terminal, provider, options.models);
}

/** Said beside the answer: the provider is stored whatever the test says. */
async function testAndPublish(
  terminal: Terminal,
  provider: Provider,
  models: ListOrAll | undefined,
): Promise<void> {
  const test = await terminal.admin.post<ProviderTest>(`/providers/${provider.id}/test`);
  terminal.say(testText(provider, test));
  if (!test.ok) tellRemedy(terminal, provider, test);
  else if (models === undefined) {
    terminal.say(
      `Publish its models: ${terminal.commandLine(`providers models ${provider.id} --publish all`)}`,
    );
  } else {
    terminal.say(publishedText(await publishModels(terminal.admin, provider, models)));
  }
}

/** For a provider that is stored though its test failed: what to do. The command ends with 1. */
export function tellRemedy(terminal: Terminal, { id }: Provider, test: ProviderTest): void {
  process.exitCode = EXIT.failed;
  const update = terminal.commandLine(`providers update ${id} ${remedyOf(test)}`);
  const again = terminal.commandLine(`providers test ${id}`);
  terminal.say(`It is kept. Put it right, say with: ${update}\nThen: ${again}`);
}

function remedyOf({ verdict }: ProviderTest): string {
  if (verdict === 'wrong_credential' || verdict === 'no_credential') return '--new-credential';
  return verdict === 'certificate' ? '--ca FILE' : '--base-url URL';
}

async function updateProvider(terminal: Terminal, named: string, options: UpdateOptions): Promise<void> {
  refuseArgument(options);
  const { admin } = terminal;
  const provider = await findProvider(admin, named);
  const patch: ProviderPatch = { ...settingsOf(options), ...enabledOf(options) };
  if (options.removeCredential) patch.credential = null;
  if (options.newCredential || options.credentialEnv !== undefined) {
    const { label } = await kindFacts(terminal, provider.kind);
    patch.credential = await readCredential(options, { label, credential: 'required' });
  }
  if (Object.keys(patch).length === 0) throw usageError('Say what to change; --help lists what there is.');
  const changed = await admin.patch<Provider>(`/providers/${provider.id}`, patch);
  terminal.show(changed, () =>
    plain(`Changed ${changed.name}; it holds from the next request on.`).concat('\n'),
  );
}

function enabledOf({ enable, disable }: UpdateOptions): { enabled?: boolean } {
  if (enable) return { enabled: true };
  return disable ? { enabled: false } : {};
}

function settingsOf(options: SettingOptions): ProviderPatch {
  const { name, baseUrl, priority, header: headers } = options;
  const proxy = proxyOf(options);
  return {
    ...(name === undefined ? {} : { name }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(priority === undefined ? {} : { priority }),
    ...(headers === undefined ? {} : { headers }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(options.ca === undefined ? {} : { ca: options.ca === 'none' ? null : certificates(options.ca) }),
  };
}

function proxyOf({ proxy, proxyEnv }: SettingOptions): string | null | undefined {
  if (proxyEnv !== undefined) {
    const value = process.env[proxyEnv];
    if (!value) throw usageError(`The variable ${proxyEnv} of --proxy-env is not set.`);
    return value;
  }
  if (proxy === 'system') return null;
  if (proxy !== undefined && /@/.test(proxy)) {
    throw usageError(
      'A proxy with a password does not go on the command line: name a variable with --proxy-env.',
    );
  }
  return proxy;
}

function certificates(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new CliError(`The file ${path} of --ca cannot be read (${code}).`);
  }
}

async function kindFacts(terminal: Terminal, kind: string): Promise<ProviderKindFacts> {
  const { data } = await terminal.admin.get<List<ProviderKindFacts>>('/provider-kinds');
  const facts = data.find(({ id }) => id === kind);
  if (facts === undefined)
    throw usageError(`There is no kind ${kind}. All of them: ${terminal.commandLine('providers kinds')}`);
  return facts;
}

/** The kind's own name, where nobody has it. */
async function nameFor(admin: AdminClient, label: string): Promise<string> {
  const { data } = await admin.list<Provider>('/providers');
  return freeName(
    label,
    data.map(({ name }) => name),
  );
}
