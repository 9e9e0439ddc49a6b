import { X509Certificate } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Sharing } from '../../sharing/sharing.ts';
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
  parts: Omit<MeParts & JoinParts, 'memberSessions' | 'fingerprint'>,
  panelDir: string | null,
  sharing: Pick<Sharing, 'authority'>,
): Promise<void> {
  const memberSessions = new MemberSessions(parts.clock);
  const { join, me } = await peopleFiles(app, panelDir);
  const fingerprint = fingerprintOf(sharing);
  await app.register((door) => joinDoor(door, { ...parts, memberSessions, fingerprint }, join));
  await app.register((door) => meDoor(door, { ...parts, memberSessions }, me));
}

/** Pages that wait ask again and again: a certificate is read once. */
function fingerprintOf(sharing: Pick<Sharing, 'authority'>): () => string | null {
  let known: { pem: string; fingerprint: string } | undefined;
  return () => {
    const pem = sharing.authority;
    if (pem === null) return null;
    if (known?.pem !== pem) known = { pem, fingerprint: new X509Certificate(pem).fingerprint256 };
    return known.fingerprint;
  };
}
