import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Linux counts in ticks of 10 ms whatever its clock: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICK_MS = 10;

const KNOWN = process.platform === 'linux';

/** CPU time that a process and all its children have used, in milliseconds; NaN where the system is not Linux. */
export function cpuTime(pid: number): number {
  if (!KNOWN) return Number.NaN;
  let ticks = 0;
  for (const member of family(pid)) {
    const stat = read(`/proc/${member}/stat`);
    // Behind the name in brackets, which may hold blanks: utime is field 14, stime 15, of children that ended 16, 17.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    for (const field of fields.slice(11, 15)) ticks += Number(field);
  }
  return ticks * TICK_MS;
}

/** Resident memory of a process and all its children, in bytes; NaN where the system is not Linux. */
export function residentBytes(pid: number): number {
  if (!KNOWN) return Number.NaN;
  let kilobytes = 0;
  for (const member of family(pid)) {
    kilobytes += Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${member}/status`))?.[1] ?? 0);
  }
  return kilobytes * 1_024;
}

function family(pid: number): number[] {
  const tasks = existsSync(`/proc/${pid}/task`) ? readdirSync(`/proc/${pid}/task`) : [];
  const children = tasks.flatMap((task) =>
    read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(family)];
}

/** @returns empty where the process or the thread is no more */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
