import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Counts the open connections to a server of this process, those that come after the call. */
export function countConnections(port: number): () => number {
  const open = new Set<Socket>();
  const opened = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    if (socket.localPort !== port) return;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
  // https://nodejs.org/api/diagnostics_channel.html#net
  subscribe('net.server.socket', opened);
  onTestFinished(() => void unsubscribe('net.server.socket', opened));
  return () => open.size;
}
