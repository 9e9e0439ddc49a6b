import { Argument, type Command } from 'commander';
import type { Key, Limit, LimitInput, LimitRef, Member } from '../doors/admin/contract.ts';
import type { AdminClient } from './admin-client.ts';
import { findKey, findMember, findPlan } from './find.ts';
import { addLimitsShowCommand } from './limits-show.ts';
import { listCommand } from './list-command.ts';
import { plain, table } from './output.ts';
import { Terminal } from './terminal.ts';
import { count, dollars, windowName } from './units.ts';
import { micros, wholeNumber, windowSeconds } from './values.ts';

type Scope = Limit['scope'];
type Metric = Limit['metric'];

/** `ntl limits`: how much each plan, member or key may use. */
export function addLimitCommands(program: Command): void {
  const limits = program.command('limits').description('how much plans, members and keys may use');

  listCommand(limits)
    .description('all limits')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const { admin } = terminal;
      const list = await admin.list<Limit>('/limits');
      const names = await subjectNames(admin);
      terminal.show(list, () => limitsText(list.data, names));
    });

  addLimitsShowCommand(limits);

  withLimit(limits.command('set'))
    .description('set a limit; it holds from the next request on')
    .argument('<amount>', 'a number such as 500, 100k or 2M; US dollars such as 2.50 for cost')
    .action(
      async (
        scope: Scope,
        subject: string,
        metric: Metric,
        seconds: Limit['windowSeconds'],
        amount: string,
        options: { model?: string },
        command: Command,
      ) => {
        const terminal = new Terminal(command);
        const wanted: LimitInput = {
          ...(await limitRef(terminal.admin, { scope, subject, metric, seconds, ...options })),
          amount: metric === 'cost' ? micros(amount) : wholeNumber(amount),
        };
        const limit = await terminal.admin.put<Limit>('/limits', wanted);
        terminal.show(limit, () => plain(`${scope} ${subject}: ${limitText(limit)}.`).concat('\n'));
      },
    );

  withLimit(limits.command('remove'))
    .description('lift a limit')
    .action(
      async (
        scope: Scope,
        subject: string,
        metric: Metric,
        seconds: Limit['windowSeconds'],
        options: { model?: string },
        command: Command,
      ) => {
        const terminal = new Terminal(command);
        const ref = await limitRef(terminal.admin, { scope, subject, metric, seconds, ...options });
        const model = options.model === undefined ? '' : ` for ${options.model}`;
        const what = `the limit of ${metric} per ${windowName(seconds)}${model} of ${scope} ${subject}`;
        await terminal.confirm(`Lift ${what}?`);
        const answer = await terminal.admin.delete('/limits', ref);
        terminal.show(answer, () => plain(`Lifted ${what}.`).concat('\n'));
      },
    );
}

/** `600 requests per minute`, `$2.50 cost per day for gpt-4o`. */
export function limitText({ metric, windowSeconds: seconds, amount, model }: Limit): string {
  return `${amountText(metric, amount)} ${metric} per ${windowName(seconds)}${model === null ? '' : ` for ${model}`}`;
}

function withLimit(command: Command): Command {
  return command
    .addArgument(new Argument('<scope>', 'whom it holds for').choices(['plan', 'member', 'key']))
    .argument('<subject>', 'id or name')
    .addArgument(new Argument('<metric>', 'what it counts').choices(['requests', 'tokens', 'images', 'cost']))
    .argument('<window>', 'minute, day or month (60s, 24h, 30d)', windowSeconds)
    .option('--model <id>', 'only for this model');
}

interface TypedLimit {
  scope: Scope;
  subject: string;
  metric: Metric;
  seconds: Limit['windowSeconds'];
  model?: string;
}

async function limitRef(admin: AdminClient, typed: TypedLimit): Promise<LimitRef> {
  const find = { plan: findPlan, member: findMember, key: findKey }[typed.scope];
  const { id } = await find(admin, typed.subject);
  return {
    scope: typed.scope,
    subjectId: id,
    model: typed.model ?? null,
    metric: typed.metric,
    windowSeconds: typed.seconds,
  };
}

/** Names by scope and id; plans go by their id. */
async function subjectNames(admin: AdminClient): Promise<Map<string, string>> {
  const { data: members } = await admin.list<Member>('/members');
  const { data: keys } = await admin.list<Key>('/keys');
  return new Map([
    ...members.map(({ id, name }) => [`member ${id}`, name] as const),
    ...keys.map(({ id, name }) => [`key ${id}`, name] as const),
  ]);
}

function limitsText(limits: readonly Limit[], names: ReadonlyMap<string, string>): string {
  return table(
    limits,
    [
      { title: 'FOR', of: (limit) => limit.scope },
      {
        title: 'NAME',
        of: (limit) => names.get(`${limit.scope} ${limit.subjectId}`) ?? limit.subjectId,
      },
      { title: 'MODEL', of: (limit) => limit.model ?? 'all' },
      { title: 'METRIC', of: (limit) => limit.metric },
      { title: 'WINDOW', of: (limit) => windowName(limit.windowSeconds) },
      { title: 'AMOUNT', of: (limit) => amountText(limit.metric, limit.amount), right: true },
    ],
    'There are no limits.',
  );
}

export function amountText(metric: Metric, amount: number): string {
  return metric === 'cost' ? dollars(amount) : count(amount);
}
