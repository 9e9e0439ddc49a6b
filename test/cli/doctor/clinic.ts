/** A person's home, a gateway, and what `ntl doctor` says when something there is made wrong. */
import { expect, onTestFinished } from 'vitest';
import { TestHome } from '../../connect/setup/home.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { ntlHere } from '../ntl-here.ts';
import { type Run, runNtl } from '../run-ntl.ts';

export interface Told {
  check: string;
  tool: string | null;
  state: 'ok' | 'warn' | 'bad';
  what: string;
  mend: string | null;
}

/** Nothing of the developer's own shell that the doctor would look at. */
const NONE = [
  ...[
    'http_proxy',
    'HTTP_PROXY',
    'https_proxy',
    'HTTPS_PROXY',
    'all_proxy',
    'ALL_PROXY',
    'no_proxy',
    'NO_PROXY',
  ],
  ...['ANTHROPIC_BASE_URL', 'ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'OPENAI_BASE_URL', 'OPENAI_API_KEY'],
  ...[
    'CLAUDE_CONFIG_DIR',
    'CODEX_HOME',
    'QWEN_HOME',
    'XDG_CONFIG_HOME',
    'XDG_DATA_HOME',
    'NODE_USE_ENV_PROXY',
  ],
  ...['NODE_EXTRA_CA_CERTS'],
];
export const QUIET = Object.fromEntries(NONE.map((name) => [name, '']));

export class Clinic {
  readonly gateway: TestGateway;

  private constructor(gateway: TestGateway) {
    this.gateway = gateway;
  }

  static async open(options: Parameters<typeof startGateway>[0] = {}): Promise<Clinic> {
    return new Clinic(await startGateway(options));
  }

  /** A home that goes away with the test. */
  home(): Patient {
    const home = new TestHome();
    onTestFinished(() => home[Symbol.dispose]());
    return new Patient(this.gateway, home);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
  }
}

export class Patient {
  readonly home: TestHome;
  readonly #gateway: TestGateway;

  constructor(gateway: TestGateway, home: TestHome) {
    this.#gateway = gateway;
    this.home = home;
  }

  get env(): Record<string, string> {
    const { path } = this.home;
    return { ...QUIET, HOME: path, SHELL: '/bin/bash', NTL_DATA_DIR: this.#gateway.dataDir };
  }

  /** Writes the tool's settings; they are taken back with the test, and their record with them. */
  async connect(tool: string, ...args: string[]): Promise<void> {
    const words = ['connect', tool, '--yes', '--model', 'ntl/echo', ...args];
    expect(await this.ntl(words)).toMatchObject({ code: 0, stderr: '' });
    onTestFinished(async () => void (await this.ntl(['disconnect', tool, '--yes'])));
  }

  /** All findings that are not fine, but that there may be no provider. */
  async ills(args: readonly string[] = [], env: Record<string, string> = {}): Promise<Told[]> {
    const { findings } = await this.doctor(args, env);
    return findings.filter(
      ({ state, check, tool }) => state !== 'ok' && (check !== 'provider' || tool !== null),
    );
  }

  async doctor(args: readonly string[] = [], env: Record<string, string> = {}) {
    return findingsOf(await this.ntl(['doctor', ...args, '--json'], env));
  }

  /** The system is asked for the home, and goes by the process's own variable. */
  async ntl(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
    const { HOME } = process.env;
    process.env.HOME = this.home.path;
    try {
      return await ntlHere(args, { env: { ...this.env, ...env } });
    } finally {
      process.env.HOME = HOME;
    }
  }

  /** As a process of its own. */
  async doctorApart(args: readonly string[] = [], env: Record<string, string> = {}) {
    return findingsOf(await runNtl(['doctor', ...args, '--json'], { env: { ...this.env, ...env } }));
  }
}

function findingsOf({ code, stdout, stderr }: Run): { code: number | null; findings: Told[]; text: string } {
  expect(stderr).toBe('');
  // Only the first letters of keys are told.
  expect(stdout).not.toMatch(/ntl_live_\w{10}/);
  return { code, findings: JSON.parse(stdout).data, text: stdout };
}
