import type { Command } from 'commander';
import type { AuditRow, AuditRowDetail, List } from '../doors/admin/contract.ts';
import { CliError, usageError } from './failures.ts';
import { fields, screenColumns, table, wrapped } from './output.ts';
import { refusalFields } from './refusal-text.ts';
import { attemptText, type Explanation, explainRequest } from './request-codes.ts';
import { providerOf } from './requests-text.ts';
import { Terminal } from './terminal.ts';
import { count, elapsed, localTime, price, yesNo } from './units.ts';

const ROW_ID = /^[1-9]\d{0,14}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `ntl requests show`: one audit row in full. */
export function addShowCommand(requests: Command): void {
  requests
    .command('show')
    .description('one request in full, and what its status means')
    .argument('<id>', 'as `ntl requests` lists it, or the x-request-id of an answer')
    // The filters of `ntl requests` say nothing here.
    .configureHelp({
      ...requests.configureHelp(),
      visibleGlobalOptions: () => [...(requests.parent?.options ?? [])],
    })
    .action(async (id: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      const row = await terminal.admin.get<AuditRowDetail>(`/requests/${await rowId(terminal, id)}`);
      terminal.show(row, () => detailText(row, terminal));
    });
}

async function rowId(terminal: Terminal, typed: string): Promise<string> {
  const id = typed.trim();
  if (ROW_ID.test(id)) return id;
  if (!UUID.test(id)) {
    throw usageError(
      `"${id}" is no request. Give an ID of \`ntl requests\`, or the x-request-id of an answer.`,
    );
  }
  const { data } = await terminal.admin.get<List<AuditRow>>('/requests', { requestId: id.toLowerCase() });
  const [row] = data;
  if (row !== undefined) return row.id;
  throw new CliError(
    `The audit log has no request ${id}. It holds calls of models alone, for as long as this says: ${terminal.commandLine('settings retention-days')}`,
  );
}

function detailText(row: AuditRowDetail, terminal: Terminal): string {
  const explanation = explainRequest(row);
  const facts = [...outcomeFields(row, explanation), ...callerFields(row), ...answerFields(row)];
  return fields(facts) + attemptsText(row) + mendText(explanation, terminal);
}

type Field = readonly [string, string | number | null];

function outcomeFields(row: AuditRowDetail, explanation: Explanation | undefined): Field[] {
  return [
    ['Request', row.requestId],
    ['ID', row.id],
    ['Time', localTime(row.at)],
    ['Status', row.status === 0 ? 'still running' : `${row.status} ${row.code ?? ''}`.trim()],
    ...(explanation === undefined ? [] : [['Meaning', explanation.means] as const]),
    ...refusalFields(row),
  ];
}

/** The command stands on a line of its own, to be copied. */
function mendText(explanation: Explanation | undefined, terminal: Terminal): string {
  if (explanation === undefined) return '';
  const { mend, command } = explanation;
  const words = `\n${wrapped(mend, screenColumns()).join('\n')}\n`;
  return command === undefined ? words : `${words}\n  ${terminal.commandLine(command)}\n`;
}

function callerFields(row: AuditRowDetail): Field[] {
  return [
    ['Member', named(row.memberName, row.memberId)],
    ['Key', row.keyId === null ? null : `${row.keyPrefix ?? ''}… (id ${row.keyId})`],
    ['Address', row.address],
    ['Tool', row.tool],
    ['Endpoint', row.endpoint],
    ['Model', row.model],
    ['Streamed', yesNo(row.streamed)],
  ];
}

function answerFields(row: AuditRowDetail): Field[] {
  const estimated = row.estimated ? ', estimated' : '';
  return [
    ['Provider', row.providerName === null ? providerOf(row) : named(row.providerName, row.providerId)],
    ['Its model', row.upstreamModel],
    ['Calls made', attemptsCount(row)],
    ['Left out', row.dropped],
    ['First byte after', elapsed(row.ttfbMs)],
    ['Took', elapsed(row.latencyMs)],
    ['Input tokens', `${count(row.inputTokens)}${part(row.cachedTokens, 'cached')}${estimated}`],
    ['Output tokens', `${count(row.outputTokens)}${part(row.reasoningTokens, 'reasoning')}${estimated}`],
    ['Charged tokens', `${count(row.chargedTokens)} (x${row.multiplier})`],
    ['Cost', price(row.costMicros)],
  ];
}

function named(name: string | null, id: string | null): string | null {
  if (name === null) return id;
  return id === null ? name : `${name} (id ${id})`;
}

function part(tokens: number, what: string): string {
  return tokens === 0 ? '' : ` (${count(tokens)} ${what})`;
}

function attemptsCount({ attempts, failedAttempts }: AuditRowDetail): string {
  if (failedAttempts.length === 0) return String(attempts);
  return `${attempts}, of which ${failedAttempts.length} failed`;
}

function attemptsText({ failedAttempts }: AuditRowDetail): string {
  if (failedAttempts.length === 0) return '';
  const rows = table(
    failedAttempts,
    [
      { title: 'FAILED CALL', of: (attempt) => attempt.number, right: true },
      { title: 'PROVIDER', of: (attempt) => attempt.providerName ?? attempt.providerId },
      { title: 'ITS MODEL', of: (attempt) => attempt.upstreamModel },
      { title: 'WHY', of: attemptText },
      { title: 'TOOK', of: (attempt) => elapsed(attempt.latencyMs), right: true },
    ],
    '',
  );
  return `\n${rows}`;
}
