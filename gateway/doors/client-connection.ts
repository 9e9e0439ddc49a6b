import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ClientConnection } from '../pipeline/call.ts';

/** The client's side of a Node response. */
export function clientConnection(response: ServerResponse): ClientConnection {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  response.on('error', () => gone.abort());

  return {
    gone: gone.signal,
    get started() {
      return response.headersSent;
    },
    start(status, headers) {
      response.writeHead(status, headers);
    },
    write(chunk) {
      if (gone.signal.aborted || response.writableEnded) return undefined;
      if (response.write(chunk)) return undefined;
      // A client that hangs up never drains.
      return once(response, 'drain', { signal: gone.signal }).then(
        () => undefined,
        () => undefined,
      );
    },
    end(chunk) {
      response.end(chunk);
    },
  };
}
