import type { ServerResponse } from 'node:http';
import type { ClientConnection } from '../pipeline/call.ts';
import { drained } from './drained.ts';

/** The client's side of a Node response. */
export class HttpClient implements ClientConnection {
  readonly #response: ServerResponse;
  #gone = false;
  #told: (() => void) | undefined;
  #over: (() => void) | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on('close', () => {
      if (!response.writableFinished) this.#hungUp();
      this.#over?.();
    });
    response.on('error', () => this.#hungUp());
  }

  get gone(): boolean {
    return this.#gone;
  }

  whenGone(listener: () => void): void {
    this.#told = listener;
    if (this.#gone) listener();
  }

  get started(): boolean {
    return this.#response.headersSent;
  }

  start(status: number, headers: Record<string, string>): void {
    this.#response.writeHead(status, headers);
  }

  write(chunk: Buffer): Promise<void> | undefined {
    const response = this.#response;
    if (this.#gone || response.writableEnded || response.write(chunk)) return undefined;
    return drained(response);
  }

  end(chunk?: Buffer): void {
    this.#response.end(chunk);
  }

  /** Resolves when the last byte is with the system, or the client is gone. */
  over(): Promise<void> {
    const response = this.#response;
    if (response.writableFinished || response.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#over = resolve;
      response.once('finish', resolve);
    });
  }

  #hungUp(): void {
    this.#gone = true;
    this.#told?.();
  }
}

/** @returns aborts when the client hangs up before the answer's end */
export function hangUpSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  onHangUp(response, () => gone.abort());
  return gone.signal;
}

function onHangUp(response: ServerResponse, hungUp: () => void): void {
  response.once('close', () => {
    if (!response.writableFinished) hungUp();
  });
  response.on('error', hungUp);
}
