/** What must hold after a trial; each fault is one line for people. */
import type { AuditRow } from '../../gateway/doors/admin/contract/audit.ts';
import type { HubProtocol } from '../../gateway/protocols/codecs.ts';
import { CLOSING } from './errand.ts';
import type { Trial } from './trial.ts';

/** One for each file. */
const CALLS = 3;

export function faultsOf(trial: Trial): string[] {
  const { seat, ended, requests, fileFaults, called } = trial;
  return [
    ...(ended.timedOut ? ['it did not end in time'] : []),
    ...(ended.code === 0 ? [] : [`exit code ${ended.code}`]),
    ...(called.length === CALLS ? [] : [`the model called ${called.length} tools: ${called.join(', ')}`]),
    ...fileFaults,
    ...(saysClosing(ended.output) ? [] : ['the closing text is not in the output']),
    ...requests.flatMap(({ path, refusal }) => (refusal ? [`${path} was refused: ${refusal.message}`] : [])),
    ...requests.flatMap(({ path }) =>
      path.startsWith(PATHS[seat.protocol]) ? [] : [`it was asked ${path}`],
    ),
  ];
}

/** Whatever the agent speaks. */
const PATHS: Readonly<Record<HubProtocol, string>> = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  'anthropic-messages': '/v1/messages',
};

/** Terminals wrap lines. */
function saysClosing(output: string): boolean {
  const plain = (text: string) => text.replaceAll(/\s+/g, ' ');
  return plain(output).includes(plain(CLOSING));
}

/** @param rows of the trial's own key */
export function rowFaultsOf(trial: Trial, rows: readonly AuditRow[]): string[] {
  const inferences = rows.filter(({ endpoint }) => endpoint !== 'count_tokens');
  return [
    ...(inferences.length >= 2 ? [] : [`${inferences.length} audit rows`]),
    ...inferences.flatMap((row) => rowFaults(trial, row)),
  ];
}

function rowFaults({ agent, protocol, seat }: Trial, row: AuditRow): string[] {
  const { status, code, tool, providerId, upstreamModel, inputTokens, outputTokens, estimated } = row;
  const expected = typeof agent.tool === 'string' ? agent.tool : agent.tool[protocol];
  const isThere = providerId === seat.providerId && upstreamModel === seat.model;
  const faults = [
    ...(status === 200 ? [] : [`status ${status} ${code ?? ''}`]),
    ...(tool === expected ? [] : [`tool ${tool}`]),
    ...(isThere ? [] : [`provider ${providerId} ${upstreamModel}`]),
    ...(inputTokens > 0 && outputTokens > 0 && !estimated ? [] : [`tokens ${inputTokens}, ${outputTokens}`]),
  ];
  return faults.map((fault) => `audit row of ${row.endpoint}: ${fault}`);
}
