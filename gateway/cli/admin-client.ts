import type { Readable } from 'node:stream';
import type { Agent } from 'undici';
import type { ErrorAnswer, List } from '../doors/admin/contract.ts';
import { readRuntimeFile } from '../runtime-file.ts';
import { commandLine } from './command-line.ts';
import { CliError } from './failures.ts';
import { plain } from './output.ts';

/** The owner's lists have no cap: one answer holds all. */
const WHOLE_LIST = 100_000;

/** A provider's test waits for the provider. */
const HEADERS_TIMEOUT_MS = 150_000;

export type Query = Record<string, string | number | boolean | null | undefined>;
export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** The gateway does not run, or something else answers at its address. */
export class NotRunning extends CliError {}

/**
 * Speaks to the running gateway of a data folder through its admin API. Answers are typed by the contract
 * and not checked again: both ends are of one release. Every method throws CliError with the API's own words.
 */
export class AdminClient {
  readonly dataDir: string;
  /** Such as `http://127.0.0.1:7411`. */
  readonly url: string;
  readonly #token: string;
  /** A proxy of the environment never sees the token. */
  #agent: Agent | undefined;

  /** @throws NotRunning */
  constructor(dataDir: string) {
    const runtime = readRuntimeFile(dataDir);
    if (runtime === null) throw notRunning(dataDir);
    this.dataDir = dataDir;
    this.url = runtime.url;
    this.#token = runtime.adminToken;
  }

  get<Answer>(path: string, query?: Query): Promise<Answer> {
    return this.#json('GET', path + search(query));
  }

  /** A whole list, page size and all. */
  list<Item>(path: string, query: Query = {}): Promise<List<Item>> {
    return this.get(path, { pageSize: WHOLE_LIST, ...query });
  }

  post<Answer>(path: string, body: unknown = {}): Promise<Answer> {
    return this.#json('POST', path, body);
  }

  patch<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#json('PATCH', path, body);
  }

  put<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#json('PUT', path, body);
  }

  delete<Answer>(path: string, body?: unknown): Promise<Answer> {
    return this.#json('DELETE', path, body);
  }

  /** The body as it comes, for exports and live events. */
  async open(path: string, query?: Query): Promise<Readable> {
    const { statusCode, body } = await this.#send('GET', path + search(query));
    if (statusCode >= 300) throw await this.#refusal(statusCode, body);
    return body;
  }

  async #json<Answer>(method: Method, path: string, payload?: unknown): Promise<Answer> {
    const { statusCode, body } = await this.#send(method, path, payload);
    if (statusCode >= 300) throw await this.#refusal(statusCode, body);
    const text = await this.#textOf(body);
    try {
      return (text === '' ? null : JSON.parse(text)) as Answer;
    } catch {
      throw this.#stranger();
    }
  }

  async #send(method: Method, path: string, payload?: unknown) {
    const headers = {
      authorization: `Bearer ${this.#token}`,
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const body = payload === undefined ? null : JSON.stringify(payload);
    // Loaded here: `ntl serve` asks nobody.
    const { Agent, request } = await import('undici');
    this.#agent ??= new Agent({ headersTimeout: HEADERS_TIMEOUT_MS, bodyTimeout: 0 });
    try {
      return await request(`${this.url}/admin/api${path}`, {
        method,
        headers,
        body,
        dispatcher: this.#agent,
      });
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  async #refusal(status: number, body: { text(): Promise<string> }): Promise<CliError> {
    const { error } = parsed(await this.#textOf(body)) as Partial<ErrorAnswer>;
    if (typeof error?.message !== 'string') return this.#stranger();
    const field = error.param && !error.message.includes(error.param) ? ` (${error.param})` : '';
    const message = plain(`${error.message}${field}`).trim();
    return new CliError(message === '' ? `The gateway answered ${status}.` : message);
  }

  async #textOf(body: { text(): Promise<string> }): Promise<string> {
    try {
      return await body.text();
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  #unreachable(error: unknown): CliError {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (GONE.has(code)) return notRunning(this.dataDir);
    return new CliError(`The gateway at ${this.url} did not answer (${code || 'unknown error'}).`, 1, {
      cause: error,
    });
  }

  #stranger(): CliError {
    return new NotRunning(
      `Something else answers at ${this.url}. The gateway of ${this.dataDir} seems to have ended; start it with: ${startLine(this.dataDir)}`,
    );
  }
}

/** A runtime.json left behind by a killed gateway leads to a closed port. */
const GONE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'EHOSTUNREACH',
  'EADDRNOTAVAIL',
]);

function notRunning(dataDir: string): NotRunning {
  return new NotRunning(`The gateway is not running on ${dataDir}. Start it with: ${startLine(dataDir)}`);
}

function startLine(dataDir: string): string {
  return commandLine('serve', dataDir);
}

function search(query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
