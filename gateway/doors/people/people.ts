import type { FastifyInstance } from 'fastify';
import { type JoinParts, joinDoor } from './join.ts';
import { meDoor } from './me.ts';
import { peopleFiles } from './pages.ts';
import type { MeParts } from './parts.ts';
import { MemberSessions } from './sessions.ts';

/**
 * The colleagues' pages: /join, and /me for whoever has a key. They answer to every computer that reaches the gateway.
 * @param panelDir folder of the built pages; null where they were not built
 */
export async function peopleDoor(
  app: FastifyInstance,
  parts: Omit<MeParts & JoinParts, 'memberSessions'>,
  panelDir: string | null,
): Promise<void> {
  const memberSessions = new MemberSessions(parts.clock);
  const { join, me } = await peopleFiles(app, panelDir);
  await app.register((door) => joinDoor(door, { ...parts, memberSessions }, join));
  await app.register((door) => meDoor(door, { ...parts, memberSessions }, me));
}
