import type { FastifyRequest } from 'fastify';
import { actorOf } from './guard.ts';
import type { AdminParts } from './parts.ts';

interface OwnerChange {
  /** Such as `member.update`. */
  action: string;
  /** Such as `member:3`. */
  subject: string;
  /** As answers show it, which is without secrets. */
  before?: unknown;
  after?: unknown;
}

/** Puts what the owner changed into the change log and asks for a backup. */
export function noteChange(parts: AdminParts, request: FastifyRequest, change: OwnerChange): void {
  parts.changes.record({ actor: actorOf(request.raw), ...change });
  parts.store.backupSoon();
}
