import type { KeyDesk } from '../connect/setup/connection.ts';
import type { CreatedKey, Key, NewKey } from '../doors/admin/contract.ts';
import { findOwner } from './find.ts';
import type { Terminal } from './terminal.ts';

/** Keys of tools, made by the running gateway for the owner. @param expiresAt ISO 8601 */
export function connectKeys(terminal: Terminal, expiresAt?: string): KeyDesk {
  const { admin } = terminal;
  async function find(id: string): Promise<Key | undefined> {
    const { data } = await admin.list<Key>('/keys');
    return data.find((key) => key.id === id);
  }
  return {
    async make(name) {
      const { id: memberId } = await findOwner(admin);
      const wanted: NewKey = { memberId, name, ...(expiresAt === undefined ? {} : { expiresAt }) };
      const { id, key } = await admin.post<CreatedKey>('/keys', wanted);
      return { id, key };
    },
    async isLive(id) {
      const key = await find(id);
      if (key === undefined || key.revokedAt !== null) return false;
      return key.expiresAt === null || Date.parse(key.expiresAt) > Date.now();
    },
    async revoke(id) {
      const key = await find(id);
      if (key !== undefined && key.revokedAt === null) await admin.delete(`/keys/${id}`);
    },
  };
}
