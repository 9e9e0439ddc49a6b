import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** Sockets that came in by a door for other computers, whatever their address. */
const sockets = new WeakSet<Socket>();

export function markAsNetwork(request: IncomingMessage): void {
  sockets.add(request.socket);
}

/** Whether the request came in by a door for other computers: then it is none of this computer's own. */
export function cameOverNetwork(request: IncomingMessage): boolean {
  return sockets.has(request.socket);
}
