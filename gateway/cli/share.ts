import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { OwnerAccess, Sharing, SharingChange, TrustSteps } from '../doors/admin/contract.ts';
import { CliError } from './failures.ts';
import { readSecret } from './secret.ts';
import { shareText, trustText } from './share-text.ts';
import { Terminal } from './terminal.ts';
import { wholeNumberWithin } from './values.ts';

interface OnOptions {
  address?: string[];
  allPrivate?: true;
  port?: number;
  plainHttp?: boolean;
  plainPort?: number;
  mdns?: boolean;
  panel?: boolean;
}

interface CaOptions {
  file?: string;
  new?: true;
}

const PLAIN_QUESTION =
  'Over plain HTTP, whoever reads the network reads keys, prompts and answers. Listen for it as well?';
const NEW_QUESTION =
  'Every colleague must trust the new authority before their tools work again. Make a new one?';

/** `ntl share`: the gateway for other computers. */
export function addShareCommands(program: Command): void {
  const share = program.command('share').description('let other computers of your network use the gateway');
  const port = wholeNumberWithin(1, 65_535);

  share
    .command('status', { isDefault: true })
    .description('whether it is shared, where, and what it proves itself with')
    .allowExcessArguments()
    .hook('preAction', (command) => {
      const [word] = command.args;
      if (word !== undefined) command.error(`error: unknown command '${word}' of share`);
    })
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const sharing = await terminal.admin.get<Sharing>('/sharing');
      terminal.show(sharing, () => shareText(sharing, terminal));
    });

  share
    .command('on')
    .description('share it over HTTPS, or change how; what is not given stays')
    .option('--address <address...>', 'addresses of this computer to listen at')
    .addOption(new Option('--all-private', 'every private address, as they come and go').conflicts('address'))
    .option('--port <port>', 'for HTTPS, 7412 unless set', port)
    .option('--plain-http', 'plain HTTP as well, which others on the network can read')
    .option('--no-plain-http', 'HTTPS alone')
    .option('--plain-port <port>', 'for plain HTTP, 7413 unless set', port)
    .option('--mdns', 'announce it by multicast DNS')
    .option('--no-mdns', 'announce it no more')
    .option('--panel', 'your panel as well, to whoever signs in by password or passkey')
    .option('--no-panel', 'your panel on this computer alone')
    .action(turnOn);

  share
    .command('off')
    .description('share it no more; requests that run go on to their end')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const sharing = await terminal.admin.put<Sharing>('/sharing', { on: false });
      terminal.show(sharing, () => 'Not shared. Only this computer reaches the gateway.\n');
    });

  share
    .command('ca')
    .description('the certificate that colleagues trust, and what they do with it')
    .option('--file <file>', 'write it there, as PEM')
    .option('--new', 'make a new authority in its place')
    .action(authority);

  share
    .command('password')
    .description('the password for your panel from other computers: asked for, or piped in')
    .option('--password-env <variable>', 'variable that holds it')
    .option('--remove', 'have none')
    .action(password);
}

interface PasswordOptions {
  passwordEnv?: string;
  remove?: true;
}

async function password({ passwordEnv, remove }: PasswordOptions, command: Command): Promise<void> {
  const terminal = new Terminal(command);
  if (remove) {
    await terminal.admin.delete('/sharing/password');
    terminal.say('There is no password any more. Nobody signs in by one.');
    return;
  }
  const given = await readSecret({
    ...{ question: 'New password, at least 12 characters: ', what: 'the password' },
    ...{ variable: passwordEnv, option: '--password-env' },
  });
  const access = await terminal.admin.put<OwnerAccess>('/sharing/password', { password: given });
  terminal.show(
    access,
    () => `Set. Put the panel on the network: ${terminal.commandLine('share on --panel')}\n`,
  );
}

async function turnOn(options: OnOptions, command: Command): Promise<void> {
  const terminal = new Terminal(command);
  const { address, allPrivate, ...rest } = options;
  const change: SharingChange = {
    ...{ on: true, ...rest },
    ...(address === undefined ? {} : { addresses: address }),
    ...(allPrivate === undefined ? {} : { addresses: null }),
  };
  const before = change.plainHttp ? await terminal.admin.get<Sharing>('/sharing') : undefined;
  if (before?.plainHttp === false) await terminal.confirm(PLAIN_QUESTION);
  const sharing = await terminal.admin.put<Sharing>('/sharing', change);
  terminal.show(sharing, () => shareText(sharing, terminal));
}

async function authority({ file, new: makeNew }: CaOptions, command: Command): Promise<void> {
  const terminal = new Terminal(command);
  if (makeNew) {
    await terminal.confirm(NEW_QUESTION);
    await terminal.admin.post<Sharing>('/sharing/authority');
  }
  const { authority: facts } = await terminal.admin.get<Sharing>('/sharing');
  const trust = await terminal.admin.get<TrustSteps>('/sharing/trust');
  if (trust.certificate === null || facts === null)
    throw new CliError(
      `There is no certificate yet. Share the gateway first: ${terminal.commandLine('share on')}`,
    );
  if (file !== undefined) keep(file, trust.certificate);
  terminal.show({ ...facts, ...trust }, () => trustText(facts, trust, file));
}

function keep(file: string, certificate: string): void {
  try {
    writeFileSync(file, certificate);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new CliError(`${file} could not be written (${code}).`, 1, { cause: error });
  }
}
