import type { Key } from '../../gateway/doors/admin/contract.ts';
import { sendJson } from '../api/admin-api.ts';
import { useConfirm } from '../components/confirm.tsx';
import { ago } from '../format.ts';
import type { Act } from './use-act.ts';

/** Asks, then revokes. @returns whether it is revoked */
export function useRevokeKey(act: Act): (key: Key, memberName: string) => Promise<boolean> {
  const confirm = useConfirm();
  return async (key, memberName) => {
    const used =
      key.lastUsedAt === null ? 'It was never used.' : `It was last used ${usedWords(key.lastUsedAt)}.`;
    const yes = await confirm({
      title: `Revoke ${memberName === '' ? 'the' : `${memberName}’s`} key “${key.name}”?`,
      message: `The next request with it gets 401 key_revoked; running ones end as usual. ${used} It cannot be brought back: a new one takes its place.`,
      action: 'Revoke',
      destructive: true,
    });
    return yes && act.run(() => sendJson('DELETE', `/keys/${key.id}`));
  };
}

function usedWords(iso: string): string {
  const words = ago(iso);
  return words === 'now' ? 'just now' : words;
}
