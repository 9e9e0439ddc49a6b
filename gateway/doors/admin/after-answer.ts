import { finished } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Does what ends the gateway once the answer has left, or nobody waits for it any more. */
export function afterAnswer(reply: FastifyReply, work: () => void): void {
  // In the turn in which a response finishes, its last bytes may still be in this process.
  finished(reply.raw, () => void setImmediate(work));
}
