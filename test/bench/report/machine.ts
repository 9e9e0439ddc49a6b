import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** Where and when it was measured, a line each. */
export function machine(): string[] {
  const { length } = cpus();
  const load = (loadavg()[0] ?? 0).toFixed(1);
  return [
    `${cpus()[0]?.model.trim()}, ${length} ${length === 1 ? 'core' : 'cores'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()}, Node.js ${process.version}.`,
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC; before the run, ${load} other programs wanted a core.`,
  ];
}
