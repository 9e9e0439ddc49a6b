import type { Keys } from './accounts/keys.ts';
import type { Members } from './accounts/members.ts';
import type { Clock } from './clock.ts';
import type { Store } from './store/store.ts';

/**
 * Makes the owner's member and one key for it, if there are no members yet.
 * @returns the key's plaintext, to be shown once; null on later starts
 */
export function firstStart(store: Store, members: Members, keys: Keys, clock: Clock): string | null {
  if (members.list().length > 0) return null;
  return store.db.transaction(() => {
    const owner = members.create({
      name: 'Owner',
      email: null,
      status: 'active',
      planId: 'enterprise',
      allowedModels: null,
      allowedIps: null,
      prepaid: false,
      selfService: true,
      owner: true,
      createdAt: clock.wall(),
    });
    const wanted = { memberId: owner.id, name: 'First key', kind: 'standard' as const, expiresAt: null };
    return keys.create({ ...wanted, now: clock.wall() }).plaintext;
  })();
}
