import { type Command, InvalidArgumentError, Option } from 'commander';
import type { JoinApproval, JoinRequest, Key } from '../doors/admin/contract.ts';
import { findJoinRequest, findPlan } from './find.ts';
import { plain, table } from './output.ts';
import { Terminal } from './terminal.ts';
import { localTime } from './units.ts';
import { expiry, type ListOrAll, listOrAll, micros, wholeNumber, windowSeconds } from './values.ts';

interface ApproveOptions {
  plan?: string;
  allowModels?: ListOrAll;
  allowIps?: ListOrAll;
  limit?: JoinApproval['limits'];
  kind?: Key['kind'];
  keyName?: string;
  expires?: string;
  selfService?: boolean;
}

/** `ntl members requests`, `approve`, `refuse` and `offer`: who asks to join, and the answer. */
export function addJoiningCommands(members: Command): void {
  members
    .command('requests')
    .description('who asked to join, and what became of it')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const list = await terminal.admin.list<JoinRequest>('/join-requests');
      terminal.show(list, () => requestsText(list.data));
    });

  members
    .command('approve')
    .description('let somebody in who asks to join; the key is made when it is fetched')
    .argument('<name>', 'of who asks, or the id of the request')
    .option('--plan <plan>', 'id or name')
    .option('--allow-models <ids>', 'only these models, or all', listOrAll)
    .option('--allow-ips <ranges>', 'only from these addresses, or all', listOrAll)
    .option('--limit <limit>', 'such as tokens/day=2M or cost/month=40; may be given again', addLimit)
    .addOption(
      new Option('--kind <kind>', 'kind of key').choices(['standard', 'subscription', 'pay_per_token']),
    )
    .option('--key-name <name>', 'what the key is called')
    .option('--expires <time>', 'when the key ends, such as 30d or 2027-01-31', expiry)
    .option('--no-self-service', 'may not make keys')
    .action(async (named: string, options: ApproveOptions, command: Command) => {
      const terminal = new Terminal(command);
      const { id } = await findJoinRequest(terminal.admin, named, ['waiting']);
      const approval = await approvalOf(terminal, options);
      const approved = await terminal.admin.post<JoinRequest>(`/join-requests/${id}/approve`, approval);
      terminal.show(
        approved,
        () => `${plain(approved.name)} is in. The key can be fetched until ${localTime(approved.until)}.\n`,
      );
    });

  members
    .command('refuse')
    .description('turn somebody away who asks to join')
    .argument('<name>', 'of who asks, or the id of the request')
    .option('--say <words>', 'shown to who asked')
    .action(async (named: string, { say }: { say?: string }, command: Command) => {
      const terminal = new Terminal(command);
      const request = await findJoinRequest(terminal.admin, named, ['waiting']);
      const body = { words: say ?? null };
      const refused = await terminal.admin.post<JoinRequest>(`/join-requests/${request.id}/refuse`, body);
      terminal.show(refused, () => `Turned ${plain(request.name)} away.\n`);
    });

  members
    .command('offer')
    .description('offer a key again that was not fetched in time or got lost; the lost one stops')
    .argument('<name>', 'of who asked, or the id of the request')
    .action(async (named: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      const states = ['approved', 'uncollected', 'collected'] as const;
      const { id, name, state } = await findJoinRequest(terminal.admin, named, states);
      if (state === 'collected')
        await terminal.confirm(`Offer ${name} another key? The one that was fetched stops.`);
      const offered = await terminal.admin.post<JoinRequest>(`/join-requests/${id}/offer`, {});
      terminal.show(offered, () => `${plain(name)} can fetch the key until ${localTime(offered.until)}.\n`);
    });
}

async function approvalOf(terminal: Terminal, options: ApproveOptions): Promise<JoinApproval> {
  const { plan, allowModels, allowIps, limit, kind, keyName, expires, selfService } = options;
  return {
    ...(plan === undefined ? {} : { planId: (await findPlan(terminal.admin, plan)).id }),
    ...(allowModels === undefined ? {} : { allowedModels: allowModels === 'all' ? null : allowModels }),
    ...(allowIps === undefined ? {} : { allowedIps: allowIps === 'all' ? null : allowIps }),
    ...(limit === undefined ? {} : { limits: limit }),
    ...(selfService === false ? { selfService } : {}),
    key: {
      ...(kind === undefined ? {} : { kind }),
      ...(keyName === undefined ? {} : { name: keyName }),
      ...(expires === undefined ? {} : { expiresAt: expires }),
    },
  };
}

const METRICS = ['requests', 'tokens', 'images', 'cost'] as const;

/** `tokens/day=2M`, `cost/month=40`. @throws InvalidArgumentError */
function addLimit(text: string, earlier: JoinApproval['limits'] = []): JoinApproval['limits'] {
  const [what = '', amount = ''] = text.split('=');
  const [name = '', window = ''] = what.split('/');
  const metric = METRICS.find((known) => known === name);
  if (metric === undefined || amount === '')
    throw new InvalidArgumentError(
      'Give a limit such as tokens/day=2M, requests/minute=60 or cost/month=40.',
    );
  const seconds = windowSeconds(window) as 60;
  return [
    ...earlier,
    { metric, windowSeconds: seconds, amount: metric === 'cost' ? micros(amount) : wholeNumber(amount) },
  ];
}

function requestsText(requests: readonly JoinRequest[]): string {
  return table(
    requests,
    [
      { title: 'ID', of: (request) => request.id },
      { title: 'NAME', of: (request) => request.name },
      { title: 'STATE', of: (request) => request.state },
      { title: 'ASKED', of: (request) => localTime(request.createdAt) },
      { title: 'FROM', of: (request) => request.address },
      { title: 'EMAIL', of: (request) => request.email ?? '' },
      { title: 'FOR', of: (request) => request.purpose ?? '' },
    ],
    'Nobody asks to join.',
  );
}
