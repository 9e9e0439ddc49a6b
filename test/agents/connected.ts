/** One agent in a home of its own: connected by `ntl connect`, given the task, disconnected; or started by `ntl run`. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Records } from '../../gateway/connect/setup/records.ts';
import type { AuditRow } from '../../gateway/doors/admin/contract/audit.ts';
import { NTL } from '../cli/run-ntl.ts';
import type { GatewayBench, Seat } from './bench.ts';
import { startBrain } from './brain.ts';
import type { Connection, How } from './connections.ts';
import { CLOSING, errandsIn, PROMPT } from './errand.ts';
import { environment, writeSettings } from './home.ts';
import { type Ended, run } from './process.ts';
import { faultsOfFile } from './trial.ts';

const TIMEOUT_MS = 120_000;

export interface ConnectedTrial {
  faults: string[];
  /** Settings files that the agent itself changed while it ran: they cannot be as they were. */
  rewritten: string[];
  ended: Ended;
}

/** @param command path of the agent's program */
export async function runConnected(
  bench: GatewayBench,
  connection: Connection,
  command: string,
  seat: Seat,
  how: How,
): Promise<ConnectedTrial> {
  const root = await mkdtemp(join(tmpdir(), 'ntl-agent-'));
  const faults: string[] = [];
  try {
    const [home, folder] = [join(root, 'home'), join(root, 'work')];
    await mkdir(folder, { recursive: true });
    const { tool, profile } = connection;
    const runs = how === 'run';
    const launch = connection.launch(PROMPT, seat.model, home, how);
    await writeSettings(home, launch);
    if (tool === 'cline') await mkdir(join(home, '.cline/data'), { recursive: true });
    const env = environment(home, launch);
    const ntlEnv = { ...env, PATH: [dirname(command), env.PATH].join(':'), NTL_DATA_DIR: bench.dataDir };
    const ntl = (...args: string[]) =>
      run(NTL[0], [...NTL.slice(1), ...args], {
        cwd: folder,
        env: ntlEnv,
        timeoutMs: TIMEOUT_MS,
      });

    const before = filesOf(home, Object.keys(launch.files ?? {}));
    if (!runs) {
      const connected = await ntl('connect', tool, '--model', seat.model, '--yes');
      if (connected.code !== 0) throw new Error(`ntl connect ${tool}: ${connected.output}`);
    }
    const record = new Records(bench.dataDir).get(tool);
    const settings = runs
      ? Object.keys(before)
      : (record?.files ?? []).map(({ path }) => path.slice(home.length + 1));
    const written = filesOf(home, settings);

    const errands = errandsIn(folder);
    const brain = startBrain(errands);
    seat.provider.script((request) => brain.answer(request));
    const ended = runs
      ? await ntl('run', tool, '--model', seat.model, '--', ...launch.args)
      : await run(...commandOf(command, launch.args, profile), { cwd: folder, env, timeoutMs: TIMEOUT_MS });
    faults.push(...(await Promise.all(errands.flat().map(faultsOfFile))).flat());
    if (ended.code !== 0) faults.push(`exit code ${ended.code}`);
    if (!ended.output.replaceAll(/\s+/g, ' ').includes(CLOSING))
      faults.push('the closing text is not in the output');
    faults.push(...(await rowFaults(bench, tool)));

    const rewritten = Object.keys(written).filter((path) => !same(written[path], read(home, path)));
    if (!runs) {
      const disconnected = await ntl('disconnect', tool, '--yes');
      if (disconnected.code !== 0) faults.push(`ntl disconnect: ${disconnected.output}`);
    }
    const origin = new URL(bench.url).host;
    for (const path of new Set([...Object.keys(before), ...Object.keys(written)])) {
      const left = read(home, path);
      if (!rewritten.includes(path) && !same(left, before[path] ?? null))
        faults.push(`${path} is not as it was`);
      if (left?.includes('ntl_live_') || left?.includes(origin))
        faults.push(`${path} still speaks of the gateway`);
    }
    return { faults, rewritten, ended };
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
  }
}

function commandOf(command: string, args: readonly string[], profile = false): [string, readonly string[]] {
  return profile ? ['/bin/bash', ['-c', '. ~/.bashrc && exec "$0" "$@"', command, ...args]] : [command, args];
}

async function rowFaults(bench: GatewayBench, tool: string): Promise<string[]> {
  const rows: AuditRow[] = await bench.rowsOfLatestKey(tool);
  const inferences = rows.filter(({ endpoint }) => endpoint !== 'count_tokens');
  const failed = inferences
    .filter(({ status }) => status !== 200)
    .map(({ status, code }) => `audit row: ${status} ${code}`);
  return inferences.length >= 2 ? failed : [...failed, `${inferences.length} audit rows of its own key`];
}

function filesOf(home: string, paths: readonly string[]): Record<string, Buffer | null> {
  return Object.fromEntries(paths.map((path) => [path, read(home, path)]));
}

function read(home: string, path: string): Buffer | null {
  const file = join(home, path);
  return existsSync(file) ? readFileSync(file) : null;
}

function same(one: Buffer | null | undefined, other: Buffer | null): boolean {
  return one === null || one === undefined || other === null ? (one ?? null) === other : one.equals(other);
}
