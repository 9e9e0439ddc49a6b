/**
 * Real coding agents from npm, each given one task through a real gateway, at a provider of each protocol:
 * `npm run test:agents`. Fetches some gigabytes the first time. Linux and macOS only.
 *
 * Arguments choose trials by parts of their names: `npm run test:agents -- --agent codex --speaks responses
 * --provider messages`. `--keep DIR` leaves there what each agent printed and what the provider was sent. `--direct` takes
 * the gateway away, to tell its faults from an agent's own. Last, each is set up by `ntl connect`, does the task with
 * nothing else said to it, and is disconnected, and is started by `ntl run`; `--connected` does that alone.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { HubProtocol } from '../../gateway/protocols/codecs.ts';
import type { Agent } from './agent.ts';
import { type Bench, type Seat, startBench, startDirectBench } from './bench.ts';
import { faultsOf, rowFaultsOf } from './check.ts';
import { runConnected } from './connected.ts';
import { CONNECTIONS } from './connections.ts';
import { AGENTS } from './definitions.ts';
import { install } from './install.ts';
import { type Line, tableOf } from './table.ts';
import { runTrial, type Trial } from './trial.ts';

const { values: chosen } = parseArgs({
  options: {
    agent: { type: 'string', default: '' },
    speaks: { type: 'string', default: '' },
    provider: { type: 'string', default: '' },
    keep: { type: 'string' },
    direct: { type: 'boolean', default: false },
    connected: { type: 'boolean', default: false },
  },
});

const lines = chosen.connected ? [] : await runAll();
const connected = chosen.direct ? [] : await runConnections();
const all = [...lines, ...connected];
const failed = all.filter(({ faults }) => faults.length > 0).length;
if (lines.length > 0) console.log(`\n${tableOf(lines)}`);
console.log(`\n${all.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 || all.length === 0 ? 1 : 0;

/** Each agent as `ntl connect` sets it up, and as `ntl run` starts it. */
async function runConnections(): Promise<{ faults: readonly string[] }[]> {
  const wanted = CONNECTIONS.filter(
    ({ agent, protocol }) =>
      agent.name.toLowerCase().includes(chosen.agent.toLowerCase()) && protocol.includes(chosen.speaks),
  );
  const found: { faults: readonly string[] }[] = [];
  await using bench = await startBench();
  for (const connection of wanted) {
    const seat = bench.seats.find(({ protocol }) => protocol === connection.protocol);
    if (seat === undefined) continue;
    const command = await install(connection.agent);
    for (const how of ['connect', 'run'] as const) {
      const { faults, rewritten, ended } = await runConnected(bench, connection, command, seat, how);
      const told = rewritten.length === 0 ? '' : `; it changed ${rewritten.join(', ')} itself`;
      console.log(
        `${faults.length === 0 ? '✓' : '✗'} ${connection.agent.name}: ntl ${how} (${(ended.ms / 1_000).toFixed(1)} s${told})`,
      );
      for (const fault of faults) console.log(`    ${fault.slice(0, 1_000)}`);
      if (faults.length > 0 && chosen.keep !== undefined) {
        await mkdir(chosen.keep, { recursive: true });
        await writeFile(join(chosen.keep, `${connection.tool}-${how}.txt`), ended.output);
      }
      found.push({ faults });
    }
  }
  return found;
}

async function runAll(): Promise<Line[]> {
  const agents = AGENTS.filter(({ name }) => name.toLowerCase().includes(chosen.agent.toLowerCase()));
  const found: Line[] = [];
  await using bench = await (chosen.direct ? startDirectBench() : startBench());
  for (const agent of agents) {
    const command = await install(agent);
    for (const protocol of agent.protocols.filter((name) => name.includes(chosen.speaks))) {
      for (const seat of seatsFor(bench, protocol)) {
        const line = await lineOf(bench, agent, command, protocol, seat);
        tell(line);
        found.push(line);
      }
    }
  }
  return found;
}

function seatsFor({ seats }: Bench, protocol: HubProtocol): Seat[] {
  return seats.filter((seat) =>
    chosen.direct ? seat.protocol === protocol : seat.protocol.includes(chosen.provider),
  );
}

async function lineOf(
  bench: Bench,
  agent: Agent,
  command: string,
  protocol: HubProtocol,
  seat: Seat,
): Promise<Line> {
  const { base, key, rows } = await bench.open(agent, seat);
  const trial = await runTrial(agent, command, protocol, seat, { base, key });
  const written = await rows();
  if (chosen.keep !== undefined) await keep(chosen.keep, trial);
  return {
    agent: agent.name,
    client: protocol,
    provider: seat.protocol,
    faults: [...faultsOf(trial), ...(written === null ? [] : rowFaultsOf(trial, written))],
    requests: trial.requests.length,
    dropped: [...new Set(written?.flatMap(({ dropped }) => dropped?.split(', ') ?? []))].sort(),
    seconds: trial.ended.ms / 1_000,
  };
}

function tell({ agent, client, provider, faults, seconds }: Line): void {
  console.log(
    `${faults.length === 0 ? '✓' : '✗'} ${agent}: ${client} → ${provider} (${seconds.toFixed(1)} s)`,
  );
  for (const fault of faults) console.log(`    ${fault.slice(0, 1_000)}`);
}

async function keep(folder: string, { agent, protocol, seat, ended, requests }: Trial): Promise<void> {
  await mkdir(folder, { recursive: true });
  const name = join(folder, `${agent.name}-${protocol}-${seat.protocol}`.replaceAll(/[^\w.-]+/g, '_'));
  await writeFile(`${name}.txt`, ended.output);
  const told = requests.map(({ method, path, headers, json, refusal }) => ({
    method,
    path,
    headers,
    json,
    refusal,
  }));
  await writeFile(`${name}.json`, JSON.stringify(told, null, 1));
}
