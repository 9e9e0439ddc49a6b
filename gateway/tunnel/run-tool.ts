import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Runs a program until it ends or until its standard input does, which is when the gateway has ended, whatever ended
 * it. POSIX has nothing by which a process could ask for that; on Windows libuv puts children into a job that ends
 * with their parent.
 */
const GUARD = `
exec 3<&0 </dev/null
"$@" 3<&- &
tool=$!
(
  exec >/dev/null 2>&1
  cat <&3
  kill -TERM "$tool"
  for second in 1 2 3 4 5; do sleep 1; kill -0 "$tool" || exit 0; done
  kill -KILL "$tool"
) &
guard=$!
exec 3<&-
wait "$tool"
code=$?
kill "$guard" 2>/dev/null
exit "$code"
`;

/** What a tool needs to find its own settings, and nothing of ours. */
const PASSED =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|XDG_\w+|APPDATA|LOCALAPPDATA|USERPROFILE|SYSTEMROOT|WINDIR|PROGRAMDATA|SSL_CERT_FILE|SSL_CERT_DIR|NO_PROXY|HTTPS?_PROXY)$/i;

export interface RunningTool {
  /** Resolves when it has ended, with what it ended by; null where it could not be started. */
  readonly ended: Promise<string>;
  /** Ends it, gently at first. Resolves when it has ended. */
  stop(): Promise<void>;
}

const KILL_MS = 6_000;

/**
 * Starts a tool without the gateway's environment.
 * @param onLine told of each line of its output, without colours
 */
export function runTool(
  program: string,
  args: readonly string[],
  onLine: (line: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): RunningTool {
  const child = start(program, args, environmentFor(env));
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => onLine(plain(line)));
  }
  child.stdin?.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(`It could not be started: ${message}`));
    child.once('exit', (code, signal) => {
      // What guards it waits for this.
      child.stdin?.destroy();
      resolve(`It ended (${signal ?? `exit code ${code}`}).`);
    });
  });
  return {
    ended,
    async stop() {
      child.stdin?.end();
      if (process.platform === 'win32') child.kill();
      const last = setTimeout(() => child.kill('SIGKILL'), KILL_MS);
      await ended;
      clearTimeout(last);
    },
  };
}

function start(program: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const options: SpawnOptions = { env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true };
  if (process.platform === 'win32') return spawn(program, args, options);
  // A session of its own: Ctrl-C in the gateway's terminal lets requests come to their end first.
  return spawn('/bin/sh', ['-c', GUARD, 'ntl-tunnel', program, ...args], { ...options, detached: true });
}

/** What the tool is given of the environment: a proxy with a password stays here, too. */
export function environmentFor(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const passed = Object.entries(env).filter(
    ([name, value]) => PASSED.test(name) && !(/proxy$/i.test(name) && value?.includes('@')),
  );
  return Object.fromEntries(passed);
}

/** Colours, and all else that is no text. */
function plain(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return line.slice(0, 4_096).replace(/\u001b\[[\d;]*m|[\u0000-\u001f\u007f]/g, '');
}
