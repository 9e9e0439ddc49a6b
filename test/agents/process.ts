/** Runs a program to its end, or ends it with all that it started. */
import { spawn } from 'node:child_process';

export interface Ended {
  /** Null when it was ended. */
  code: number | null;
  /** Both streams as they came, the oldest part cut off. */
  output: string;
  timedOut: boolean;
  ms: number;
}

const LONGEST_OUTPUT = 400_000;

/**
 * It gets no input and a process group of its own.
 * @throws Error when it cannot be started
 */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<Ended> {
  const { cwd, env, timeoutMs } = options;
  const begun = performance.now();
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let timedOut = false;
  const collect = (chunk: string): void => {
    output = (output + chunk).slice(-LONGEST_OUTPUT);
  };
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup(child.pid);
  }, timeoutMs);

  return new Promise((resolve, reject) => {
    child.on('error', reject);
    // What it left running would hold its output open.
    child.on('exit', () => endGroup(child.pid));
    child.on('close', (code) => resolve({ code, output, timedOut, ms: performance.now() - begun }));
  }).finally(() => clearTimeout(timer)) as Promise<Ended>;
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
}
