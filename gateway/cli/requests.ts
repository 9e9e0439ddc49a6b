import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AuditRow, List } from '../doors/admin/contract.ts';
import type { AdminClient, Query } from './admin-client.ts';
import { findMember } from './find.ts';
import { restText } from './output.ts';
import { exportRequests } from './requests-export.ts';
import { followRequests } from './requests-follow.ts';
import { addShowCommand } from './requests-show.ts';
import { requestLines } from './requests-text.ts';
import { Terminal } from './terminal.ts';
import { rowCount, since } from './values.ts';

/** `ntl requests`: the audit log. */
export interface RequestOptions {
  member?: string;
  model?: string;
  /** A number, or how the request ended. */
  status?: number | Outcome;
  since?: string;
  limit?: number;
  follow?: true;
}

export type Outcome = (typeof OUTCOMES)[number];

const OUTCOMES = ['ok', 'refused', 'failed', 'running'] as const;
const USUAL_LIMIT = 50;
const BEFORE_FOLLOWING = 10;

export function addRequestCommands(program: Command): void {
  const requests = program
    .command('requests')
    .description('the audit log, newest first')
    .option('--member <member>', 'by id or name')
    .option('--model <id>', 'the model that was asked for')
    .option('--status <status>', `a number such as 429, or ${OUTCOMES.join(', ')}`, status)
    .option('--since <time>', 'not older than, such as 1h or 2026-11-01', since)
    .option('--limit <number>', `at most so many, ${USUAL_LIMIT} unless given`, rowCount)
    .option('--follow', 'go on with new ones as they come, oldest first')
    .action(async (options: RequestOptions, command: Command) => {
      const terminal = new Terminal(command);
      const query = await queryOf(terminal.admin, options);
      if (options.follow) {
        await followRequests(terminal, { pageSize: BEFORE_FOLLOWING, ...query });
        return;
      }
      const list = await terminal.admin.get<List<AuditRow>>('/requests', { pageSize: USUAL_LIMIT, ...query });
      terminal.show(list, () => requestsText(list, query, terminal));
    });

  addShowCommand(requests);

  requests
    .command('export')
    .description('all requests that match, for a spreadsheet or a program')
    .addOption(new Option('--format <format>', 'form').choices(['csv', 'jsonl']).makeOptionMandatory())
    .option('--out <file>', 'where to; standard output unless given')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const { format, out, ...options } = command.optsWithGlobals<
        RequestOptions & { format: 'csv' | 'jsonl'; out?: string }
      >();
      const query = await queryOf(terminal.admin, options);
      await exportRequests(terminal, { ...query, format }, out);
    });
}

function requestsText({ data, pagination }: List<AuditRow>, query: Query, terminal: Terminal): string {
  const { pageSize: _, ...filter } = query;
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const empty = filtered
    ? 'No request matches. Look further back with --since, or leave an option out.'
    : `No requests yet. Point a tool at ${terminal.admin.url}/v1 with a key: ${terminal.commandLine('keys create')}`;
  return requestLines(data, empty) + restText(data.length, pagination);
}

async function queryOf(admin: AdminClient, options: RequestOptions): Promise<Query> {
  const { member, model, status: wanted, since: startDate, limit } = options;
  return {
    model,
    startDate,
    ...(member === undefined ? {} : { memberId: (await findMember(admin, member)).id }),
    ...(typeof wanted === 'number' ? { status: wanted } : { outcome: wanted }),
    ...(limit === undefined ? {} : { pageSize: limit }),
  };
}

function status(text: string): number | Outcome {
  const outcome = OUTCOMES.find((candidate) => candidate === text);
  if (outcome !== undefined) return outcome;
  if (/^[1-5]\d\d$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`Give a status such as 429, or ${OUTCOMES.join(', ')}.`);
}
