import { execFileSync } from 'node:child_process';
import { findProgram } from './find-program.ts';

const ip = process.platform === 'linux' ? findProgram('ip') : undefined;

/** A computer of its own: a namespace with its own addresses, sockets and routes (ip-netns(8)). */
export interface Host {
  readonly namespace: string;
  /** The program and the words before it that run something there. */
  command(program: string, ...args: readonly string[]): [string, string[]];
  /** Runs a program there to its end. @returns what it printed */
  run(program: string, ...args: readonly string[]): string;
}

/** Separate computers on networks of their own; all are gone when it is disposed of. */
export class Hosts implements Disposable {
  readonly #prefix = `ntl-${process.pid}`;
  readonly #made: string[] = [];
  #cables = 0;

  add(name: string): Host {
    const namespace = `${this.#prefix}-${name}`;
    run('netns', 'add', namespace);
    this.#made.push(namespace);
    const command = (program: string, ...args: readonly string[]): [string, string[]] => [
      ip as string,
      ['netns', 'exec', namespace, program, ...args],
    ];
    const host: Host = {
      namespace,
      command,
      run: (program, ...args) => execFileSync(...command(program, ...args), { encoding: 'utf8' }),
    };
    host.run('ip', 'link', 'set', 'lo', 'up');
    return host;
  }

  /** A cable between two, with an interface of a name at each end. */
  connect(one: Host, name: string, other: Host, otherName: string): void {
    const [a, b] = [
      `n${process.pid % 100_000}a${this.#cables}`,
      `n${process.pid % 100_000}b${this.#cables++}`,
    ];
    run('link', 'add', a, 'type', 'veth', 'peer', 'name', b);
    for (const [host, interim, wanted] of [[one, a, name] as const, [other, b, otherName] as const]) {
      run('link', 'set', interim, 'netns', host.namespace, 'name', wanted);
      host.run('ip', 'link', 'set', wanted, 'up');
    }
  }

  [Symbol.dispose](): void {
    for (const namespace of this.#made.reverse()) run('netns', 'delete', namespace);
  }
}

function run(...args: readonly string[]): void {
  execFileSync(ip as string, args, { stdio: 'pipe' });
}

/** Why there can be no separate hosts here; undefined where there can. */
export const noNamespacesHere = whyNot();

function whyNot(): string | undefined {
  if (ip === undefined) return 'needs Linux with iproute2';
  if (process.getuid?.() !== 0) return 'needs root, to make network namespaces';
  const name = `ntl-${process.pid}-try`;
  try {
    run('netns', 'add', name);
    run('netns', 'delete', name);
    return undefined;
  } catch {
    return 'needs the right to make network namespaces';
  }
}
