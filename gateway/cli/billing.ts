import { type Command, InvalidArgumentError } from 'commander';
import type { Billing, BillingPatch, BillingSession, BillingTest, List } from '../doors/admin/contract.ts';
import { accountText, paymentsText } from './billing-text.ts';
import { CliError, EXIT, usageError } from './failures.ts';
import { findMember } from './find.ts';
import { readSecret } from './secret.ts';
import { Terminal } from './terminal.ts';
import { rowCount, since } from './values.ts';

interface SetOptions {
  newKey?: true;
  keyEnv?: string;
  newWebhookSecret?: true;
  webhookSecretEnv?: string;
  removeWebhookSecret?: true;
  publicUrl?: string;
  invoices?: boolean;
}

/** `ntl billing`: payments by Stripe. */
export function addBillingCommands(program: Command): void {
  const billing = program.command('billing').description('payments by Stripe: top-ups and plans');

  billing
    .command('show', { isDefault: true })
    .description('whether payments are taken, and how following them goes')
    .allowExcessArguments()
    .hook('preAction', (command) => {
      const [word] = command.args;
      if (word !== undefined) command.error(`error: unknown command '${word}' of billing`);
    })
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const account = await terminal.admin.get<Billing>('/billing');
      terminal.show(account, () => accountText(account, terminal));
    });

  billing
    .command('set')
    .description('store the Stripe key, and what else payments need; what is not given stays')
    .option('--new-key', 'the secret key, or a restricted one: asked for, or piped in')
    .option('--key-env <variable>', 'variable that holds the key')
    .option('--new-webhook-secret', 'the signing secret of a webhook: asked for, or piped in')
    .option('--webhook-secret-env <variable>', 'variable that holds the signing secret')
    .option('--remove-webhook-secret', 'take no webhooks')
    .option('--public-url <url>', 'where others reach this gateway, or none', publicUrl)
    .option('--invoices', 'have Stripe write an invoice for each payment; it takes a fee for them')
    .option('--no-invoices', 'have none written')
    .action(set);

  billing
    .command('test')
    .description('call Stripe to see whether it takes the key')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const test = await terminal.admin.post<BillingTest>('/billing/test');
      if (!test.ok) process.exitCode = EXIT.failed;
      terminal.show(test, () => `${test.message}\n`);
    });

  billing
    .command('payments')
    .description('what members paid, or began to pay, newest first')
    .option('--member <member>', 'by id or name')
    .option('--since <time>', 'not older than, such as 24h or 2026-11-01', since)
    .option('--limit <number>', 'at most so many', rowCount, 50)
    .action(async (options: { member?: string; since?: string; limit: number }, command: Command) => {
      const terminal = new Terminal(command);
      const member =
        options.member === undefined ? undefined : await findMember(terminal.admin, options.member);
      const query = { memberId: member?.id, startDate: options.since, pageSize: options.limit };
      const list = await terminal.admin.get<List<BillingSession>>('/billing/sessions', query);
      terminal.show(list, () => paymentsText(list));
    });

  billing
    .command('look')
    .description('ask Stripe now how a payment stands')
    .argument('<payment>', 'id, as the list shows it')
    .action(async (id: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      const session = await terminal.admin.post<BillingSession>(
        `/billing/sessions/${encodeURIComponent(id)}/look`,
      );
      terminal.show(session, () =>
        paymentsText({ data: [session], pagination: { page: 1, limit: 1, total: 1 } }),
      );
    });

  billing
    .command('remove')
    .description('remove the Stripe key: no payments are taken any more')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const { open } = await terminal.admin.get<Billing>('/billing');
      const seen = open === 0 ? '' : ` ${open} that are not over are not seen until a key is stored again.`;
      await terminal.confirm(`Take no more payments?${seen}`);
      const answer = await terminal.admin.delete('/billing');
      terminal.show(answer, () => 'No payments are taken any more. The Stripe key is gone.\n');
    });
}

async function set(options: SetOptions, command: Command): Promise<void> {
  const terminal = new Terminal(command);
  const patch = await patchOf(options);
  const account = await terminal.admin.put<Billing>('/billing', patch);
  const test =
    patch.secretKey === undefined ? undefined : await terminal.admin.post<BillingTest>('/billing/test');
  terminal.show(account, () => accountText(account, terminal));
  if (test === undefined) return;
  terminal.say(`\n${test.message}`);
  if (!test.ok) process.exitCode = EXIT.failed;
}

async function patchOf(options: SetOptions): Promise<BillingPatch> {
  const { publicUrl: url, invoices } = options;
  const asksKey = options.newKey === true || options.keyEnv !== undefined;
  const asksSecret = options.newWebhookSecret === true || options.webhookSecretEnv !== undefined;
  if (!asksKey && !asksSecret && !options.removeWebhookSecret && url === undefined && invoices === undefined)
    throw usageError('Say what to set, such as --new-key; --help lists what there is.');
  if (asksSecret && options.removeWebhookSecret)
    throw usageError('A signing secret cannot be stored and removed at once.');
  const secretKey = asksKey ? await secret('Stripe key', options.keyEnv, '--key-env') : undefined;
  const webhookSecret = asksSecret
    ? await secret('signing secret', options.webhookSecretEnv, '--webhook-secret-env')
    : options.removeWebhookSecret && null;
  return {
    ...(secretKey === undefined ? {} : { secretKey }),
    ...(webhookSecret === undefined ? {} : { webhookSecret }),
    ...(url === undefined ? {} : { publicUrl: url === 'none' ? null : url }),
    ...(invoices === undefined ? {} : { invoices }),
  };
}

async function secret(name: string, variable: string | undefined, option: string): Promise<string> {
  const given = await readSecret({ question: `${name} (hidden): `, what: `the ${name}`, variable, option });
  if (given !== '') return given;
  throw new CliError(`No ${name} came in. Pipe it in, or name a variable with ${option}.`);
}

function publicUrl(text: string): string {
  if (text === 'none' || URL.canParse(text)) return text;
  throw new InvalidArgumentError('Give an address such as https://ai.example.com, or none.');
}
