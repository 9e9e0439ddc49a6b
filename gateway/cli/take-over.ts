import type { NewProvider, Provider, ProviderTest } from '../doors/admin/contract.ts';
import type { Finding } from '../imports/finding.ts';
import { freeName } from '../imports/free-name.ts';
import type { Source } from '../imports/source.ts';
import { CliError } from './failures.ts';
import { answerOf, findingText, type Known } from './import-text.ts';
import { plain } from './output.ts';
import { tellRemedy } from './provider-changes.ts';
import { testText } from './provider-text.ts';
import { type Published, publishedText } from './publish.ts';
import { publishImported } from './publish-imported.ts';
import type { Terminal } from './terminal.ts';

interface Taking {
  source: Source;
  findings: readonly Finding[];
  /** For each finding the provider that is it already. */
  known: readonly Known[];
  /** Models were asked for with the command. */
  publish: boolean;
}

interface Taken extends ReturnType<typeof answerOf> {
  /** Null where it was there already, or was not wanted. */
  provider: { id: string; name: string } | null;
  test: ProviderTest | null;
  published: Published[];
}

/**
 * Shows each finding, asks, and makes a provider of it.
 * @throws CliError where nobody answers, somebody stops, or the gateway refuses; what was taken over before that stays
 */
export async function takeEach(terminal: Terminal, taking: Taking): Promise<Taken[]> {
  /** Providers that came from there, now or before. */
  const together = new Set(taking.known.flatMap((one) => one?.id ?? []));
  const done: Taken[] = [];
  try {
    for (const [index, finding] of taking.findings.entries())
      done.push(await takeOne(terminal, taking, finding, taking.known[index] ?? null, together));
  } catch (error) {
    const names = done.flatMap(({ provider }) => provider?.name ?? []);
    if (!(error instanceof CliError) || names.length === 0) throw error;
    throw new CliError(`${error.message} Taken over before: ${names.join(', ')}.`, error.exitCode);
  }
  return done;
}

async function takeOne(
  terminal: Terminal,
  { source, publish }: Taking,
  finding: Finding,
  there: Known,
  together: Set<string>,
): Promise<Taken> {
  if (there === null || !terminal.json) terminal.say(findingText(finding, there).trimEnd());
  const nothing = { ...answerOf(finding, there), provider: null, test: null, published: [] };
  const question = `Take ${finding.name} over${finding.credential === null ? '' : ' with its key'}?`;
  if (there !== null || !(await terminal.agrees(question))) return nothing;
  const provider = await addProvider(terminal, source, finding);
  together.add(provider.id);
  const test = await tested(terminal, provider);
  const isWanted = finding.models.length > 0 && (publish || (await wantsModels(terminal, finding)));
  const published = isWanted
    ? await publishImported(terminal.admin, provider.id, finding.models, together)
    : [];
  if (published.length > 0) terminal.say(publishedText(published));
  else if (test.ok) terminal.say(`Publish what it lists: ${publishLine(terminal, provider)}`);
  return { ...nothing, provider: { id: provider.id, name: provider.name }, test, published };
}

/** `--yes` is for what was asked for alone: models have an option of their own. */
async function wantsModels(terminal: Terminal, { models }: Finding): Promise<boolean> {
  if (!process.stdin.isTTY || terminal.yes) return false;
  const names = [...new Set(models.map(({ id }) => id))];
  return terminal.agrees(`Publish ${names.length === 1 ? 'its model' : 'its models'} ${names.join(', ')}?`);
}

async function addProvider(terminal: Terminal, source: Source, finding: Finding): Promise<Provider> {
  const { data } = await terminal.admin.list<Provider>('/providers');
  const { kind, baseUrl, credential, headers } = finding;
  const wanted: NewProvider = {
    ...{ kind, baseUrl, headers, importedFrom: source.id },
    name: freeName(
      finding.name,
      data.map(({ name }) => name),
    ),
    ...(credential === null ? {} : { credential }),
  };
  const provider = await terminal.admin.post<Provider>('/providers', wanted);
  terminal.say(plain(`Took ${provider.name} over (id ${provider.id}).`));
  return provider;
}

/** It is stored whatever the test says. */
async function tested(terminal: Terminal, provider: Provider): Promise<ProviderTest> {
  const test = await terminal.admin.post<ProviderTest>(`/providers/${provider.id}/test`);
  terminal.say(testText(provider, test));
  if (!test.ok) tellRemedy(terminal, provider, test);
  return test;
}

function publishLine(terminal: Terminal, { id }: Provider): string {
  return terminal.commandLine(`providers models ${id} --publish all`);
}
