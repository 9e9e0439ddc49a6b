import { type Command, Option } from 'commander';
import type { Model, ModelPatch, NewModel } from '../doors/admin/contract.ts';
import { type CliError, usageError } from './failures.ts';
import { findModel, findProvider } from './find.ts';
import { listCommand } from './list-command.ts';
import { type FactsOptions, factsPatch, withFacts } from './model-facts.ts';
import { modelsText, modelText } from './models-text.ts';
import { asInput, type TargetInput } from './publish.ts';
import { Terminal } from './terminal.ts';
import { micros, positiveNumber } from './values.ts';

interface ModelOptions extends FactsOptions {
  target?: string[];
  addTarget?: string[];
  id?: string;
  aliasOf?: string;
  multiplier?: number;
  priceInput?: number;
  priceOutput?: number;
  priceCacheRead?: number;
  priceCacheWrite?: number;
  cataloguePrice?: true;
  disable?: true;
  enable?: true;
}

const TARGET_HELP = 'PROVIDER:MODEL[,priority=N][,weight=N]; may be repeated';

/** `ntl models`: the ids clients send in `model`, and where each leads. */
export function addModelCommands(program: Command): void {
  const models = program.command('models').description('ids that clients may ask for, and where each leads');

  listCommand(models)
    .description('all public models and aliases')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const list = await terminal.admin.list<Model>('/models');
      terminal.show(list, () => modelsText(list.data));
    });

  models
    .command('show')
    .description('one model in full: where it leads, and what is known of it')
    .argument('<id>', 'what clients send')
    .action(async (id: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      const model = await findModel(terminal.admin, id);
      terminal.show(model, () => modelText(model));
    });

  withSettings(models.command('add').alias('create'))
    .description('add a public model')
    .argument('<id>', 'what clients send')
    .option('--target <target>', TARGET_HELP, collect)
    .action(async (id: string, options: ModelOptions, command: Command) => {
      const terminal = new Terminal(command);
      if (options.target === undefined && options.aliasOf === undefined) {
        throw usageError('Say where it leads: --target PROVIDER:MODEL, or --alias-of another model.');
      }
      const wanted: NewModel = { ...(await patchOf(terminal, options)), id };
      const model = await terminal.admin.post<Model>('/models', wanted);
      terminal.show(model, () => modelsText([model]));
    });

  withSettings(models.command('update'))
    .description('change a model; what is not given stays')
    .argument('<id>', 'what clients send')
    .option('--id <new>', 'rename it')
    .option('--target <target>', `lead it here alone: ${TARGET_HELP}`, collect)
    .option('--add-target <target>', `lead it here too: ${TARGET_HELP}`, collect)
    .option('--catalogue-price', "forget the owner's price")
    .action(async (id: string, options: ModelOptions, command: Command) => {
      const terminal = new Terminal(command);
      const before = await findModel(terminal.admin, id);
      const patch = await patchOf(terminal, options, before);
      if (Object.keys(patch).length === 0)
        throw usageError('Say what to change; --help lists what there is.');
      const model = await terminal.admin.patch<Model>(`/models/${encodeURIComponent(id)}`, patch);
      terminal.show(model, () => modelsText([model]));
    });

  models
    .command('remove')
    .description('remove a model: clients that ask for it are refused')
    .argument('<id>', 'what clients send')
    .action(async (id: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      await findModel(terminal.admin, id);
      await terminal.confirm(`Remove model ${id}?`);
      const answer = await terminal.admin.delete(`/models/${encodeURIComponent(id)}`);
      terminal.show(answer, () => `Removed ${id}.\n`);
    });
}

function withSettings(command: Command): Command {
  return withFacts(
    command
      .option('--alias-of <model>', 'another model that this id stands for')
      .option('--multiplier <number>', 'charged tokens for one used token, such as 1.5', positiveNumber)
      .option('--price-input <dollars>', 'per million tokens', micros)
      .option('--price-output <dollars>', 'per million tokens', micros)
      .option('--price-cache-read <dollars>', 'per million tokens; as input unless given', micros)
      .option('--price-cache-write <dollars>', 'per million tokens; as input unless given', micros)
      .addOption(new Option('--disable', 'refuse requests for it').conflicts('enable'))
      .option('--enable', 'take requests for it'),
  );
}

async function patchOf(terminal: Terminal, options: ModelOptions, before?: Model): Promise<ModelPatch> {
  const { id, aliasOf, multiplier, enable, disable } = options;
  const price = priceOf(options, before);
  const targets = await targetsOf(terminal, options, before);
  const facts = factsPatch(options);
  return {
    ...(id === undefined ? {} : { id }),
    ...(targets === undefined ? {} : { targets }),
    ...(aliasOf === undefined ? {} : { aliasOf }),
    ...(multiplier === undefined ? {} : { multiplier }),
    ...(price === undefined ? {} : { price }),
    ...(facts === undefined ? {} : { facts }),
    ...(enable || disable ? { enabled: enable === true } : {}),
  };
}

async function targetsOf(
  terminal: Terminal,
  { target, addTarget }: ModelOptions,
  before?: Model,
): Promise<TargetInput[] | undefined> {
  const texts = [...(target ?? []), ...(addTarget ?? [])];
  if (texts.length === 0) return undefined;
  const kept = target === undefined ? (before?.targets ?? []).map(asInput) : [];
  const targets: TargetInput[] = [];
  for (const text of texts) targets.push(await targetOf(terminal, text));
  return [...kept, ...targets];
}

/** The first colon ends the provider; the model's own name may hold more (`llama3:8b`). */
async function targetOf({ admin }: Terminal, text: string): Promise<TargetInput> {
  const [head = '', ...settings] = text.split(/,(?=(?:priority|weight)=)/);
  const colon = head.indexOf(':');
  if (colon < 1 || colon === head.length - 1) throw badTarget(text);
  const provider = await findProvider(admin, head.slice(0, colon));
  const target: TargetInput = { providerId: provider.id, upstreamModel: head.slice(colon + 1) };
  for (const setting of settings) {
    const [, name, value] = /^(priority|weight)=(-?\d{1,4})$/.exec(setting) ?? [];
    if (name === undefined) throw badTarget(text);
    target[name as 'priority' | 'weight'] = Number(value);
  }
  return target;
}

function badTarget(text: string): CliError {
  return usageError(`"${text}" is no target. Write ${TARGET_HELP}.`);
}

function priceOf(options: ModelOptions, before?: Model): ModelPatch['price'] | undefined {
  if (options.cataloguePrice) return null;
  const given = {
    ...(options.priceInput === undefined ? {} : { input: options.priceInput }),
    ...(options.priceOutput === undefined ? {} : { output: options.priceOutput }),
    ...(options.priceCacheRead === undefined ? {} : { cacheRead: options.priceCacheRead }),
    ...(options.priceCacheWrite === undefined ? {} : { cacheWrite: options.priceCacheWrite }),
  };
  if (Object.keys(given).length === 0) return undefined;
  const { input, output, ...cache } = { ...before?.price, ...given };
  if (input === undefined || output === undefined) {
    throw usageError('A price needs both --price-input and --price-output.');
  }
  return { ...cache, input, output };
}

function collect(text: string, earlier: string[] = []): string[] {
  return [...earlier, text];
}
