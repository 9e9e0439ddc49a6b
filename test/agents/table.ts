/** The trials as lines for people. */
import type { HubProtocol } from '../../gateway/protocols/codecs.ts';

export interface Line {
  agent: string;
  client: HubProtocol;
  provider: HubProtocol;
  faults: readonly string[];
  requests: number;
  /** What the provider could not take, by name. */
  dropped: readonly string[];
  seconds: number;
}

const SHORT: Readonly<Record<HubProtocol, string>> = {
  'openai-chat': 'chat',
  'openai-responses': 'responses',
  'anthropic-messages': 'messages',
};

const HEAD = ['agent', 'speaks', 'provider speaks', 'result', 'requests', 'seconds', 'dropped'];

export function tableOf(lines: readonly Line[]): string {
  const rows = [HEAD, ...lines.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellsOf({ agent, client, provider, faults, requests, dropped, seconds }: Line): string[] {
  return [
    agent,
    SHORT[client],
    SHORT[provider],
    faults.length === 0 ? 'passed' : 'FAILED',
    String(requests),
    seconds.toFixed(1),
    dropped.join(', '),
  ];
}
