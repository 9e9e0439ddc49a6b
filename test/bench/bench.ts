/**
 * `npm run bench`: the gateway with every function on beside a bare Node proxy, two other gateways and nginx, against
 * one scripted provider, in interleaved rounds of one run. docs/performance.md says how to read it; it is written
 * there too.
 */
import { type Case, passingCases, translatedCases } from './cases.ts';
import { CpuAccount } from './measures/cpu-account.ts';
import type { CaseResult } from './measures/results.ts';
import { type Bench, runCase } from './measures/run-case.ts';
import { startAll } from './measures/starts.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { writeDocument } from './report/document.ts';
import { machine } from './report/machine.ts';
import { report } from './report/report.ts';
import { Program } from './sides/program.ts';
import { startProvider } from './sides/provider.ts';
import { setUp } from './sides/set-up.ts';

process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

/** Of each side, with each of the two usual loads, before anything counts: until its code is compiled. */
const WARM_UP_MS = 8_000;

const options = understood(process.argv.slice(2));
try {
  if (options !== null) await bench(options);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await Program.stopAll();
}

/** @returns null where there is nothing to run: help was asked for, or an option was not understood */
function understood(args: readonly string[]): Options | null {
  if (args.includes('--help')) {
    console.log(USAGE);
    return null;
  }
  try {
    return readOptions(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
    return null;
  }
}

async function bench(options: Options): Promise<void> {
  const before = machine();
  console.log(`${before.join('\n')}\n`);
  const skipped: string[] = [];
  const provider = await startProvider();
  const sides = await setUp(options.sides, provider.origin, (sentence) => {
    skipped.push(sentence);
    console.log(`Left out: ${sentence}`);
  });
  console.log(`Starting ${sides.map(({ label }) => label).join(', ')} ${options.starts} times each.`);
  const { programs, results } = await startAll(sides, options.starts, options.idleMs);

  const pids = new Map([...programs].map(([name, { pid }]) => [name, pid]));
  const common: Bench = {
    provider,
    pid: ({ side }) => (side === null ? provider.program.pid : pids.get(side.name)) ?? 0,
    account: new CpuAccount(pids, (name) => results.get(name)?.idleCpu ?? 0),
    rounds: options.rounds,
    ms: options.ms,
  };
  const passing = passingCases(sides);
  for (const one of passing) {
    const usual = one.clients === 16 && (one.group === 'json' || one.group === 'fast');
    if (usual) await runCase({ ...common, rounds: 1, ms: WARM_UP_MS }, one);
  }
  const cases: CaseResult[] = [];
  for (const one of passing) {
    if (options.loads.includes(one.group)) cases.push(await told(one, common));
  }
  const translated = { ...common, rounds: options.translatedRounds };
  for (const one of translatedCases(sides)) {
    if (options.loads.includes(one.group)) cases.push(await told(one, translated));
  }

  const text = report({ sides: results, cases }, sides, options, [...before, ...skipped]);
  console.log(`\n${text.tables}\n\n${text.summary}`);
  if (options.write) writeDocument(`${text.summary}\n\n${text.tables}`);
}

async function told(one: Case, common: Bench): Promise<CaseResult> {
  const begun = performance.now();
  const result = await runCase(common, one);
  const seconds = ((performance.now() - begun) / 1_000).toFixed(0);
  console.log(`${one.group}, ${one.script}, ${one.clients} clients: ${seconds} s`);
  return result;
}
