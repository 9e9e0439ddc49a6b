import type { ServerResponse } from 'node:http';
import type { ClientConnection } from '../pipeline/call.ts';
import { drained } from './drained.ts';

/** The client's side of a Node response. */
export function clientConnection(response: ServerResponse): ClientConnection {
  let gone = false;
  let told = () => {};
  onHangUp(response, () => {
    gone = true;
    told();
  });

  return {
    get gone() {
      return gone;
    },
    whenGone(listener) {
      told = listener;
      if (gone) listener();
    },
    get started() {
      return response.headersSent;
    },
    start(status, headers) {
      response.writeHead(status, headers);
    },
    write(chunk) {
      if (gone || response.writableEnded || response.write(chunk)) return undefined;
      return drained(response);
    },
    end(chunk) {
      response.end(chunk);
    },
  };
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
