import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Alert, IpBlock, List } from '../../../gateway/doors/admin/contract.ts';
import { getJson, sendJson } from '../../api/admin-api.ts';
import { ALERTS } from '../../api/query-keys.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { useAct } from '../../people/use-act.ts';

/** More than this are marked in several goes. */
const MANY = 1_000;

/** What one can answer to an alert. Each answer settles it; what takes something away asks first. */
export function useAlertActs() {
  const act = useAct();
  const client = useQueryClient();
  const confirm = useConfirm();
  const [busyId, setBusyId] = useState<string | null>(null);

  async function settle(alert: Alert, work?: () => Promise<unknown>): Promise<void> {
    setBusyId(alert.id);
    await act.run(async () => {
      await work?.();
      await sendJson('POST', `/alerts/${alert.id}/seen`);
    });
    await client.invalidateQueries({ queryKey: [ALERTS] });
    setBusyId(null);
  }

  return {
    busyId,
    refusal: act.refusal,
    seen: (alert: Alert) => settle(alert),
    unblock: (alert: Alert, block: IpBlock) =>
      settle(alert, () => sendJson('DELETE', `/ip-blocks/${block.id}`)),
    async blockForGood(alert: Alert, address: string) {
      const yes = await confirm({
        title: `Block ${address} for good?`,
        message: 'Every request from there gets 403 ip_blocked, whatever its key, until you lift the block.',
        action: 'Block',
        destructive: true,
      });
      const block = { cidr: address, reason: reasonOf(alert) };
      if (yes) await settle(alert, () => sendJson('POST', '/ip-blocks', block));
    },
    async suspend(alert: Alert, memberId: string, name: string) {
      const yes = await confirm({
        title: `Suspend ${name}?`,
        message:
          'All of their keys get 403 suspended from the next request on; running ones end as usual. You can let them in again at any time.',
        action: 'Suspend',
        destructive: true,
      });
      if (yes) await settle(alert, () => sendJson('PATCH', `/members/${memberId}`, { status: 'suspended' }));
    },
    async revoke(alert: Alert, keyId: string, name: string) {
      const yes = await confirm({
        title: `Revoke ${name}?`,
        message:
          'The next request with it gets 401 key_revoked; running ones end as usual. It cannot be brought back: a new one takes its place.',
        action: 'Revoke',
        destructive: true,
      });
      if (yes) await settle(alert, () => sendJson('DELETE', `/keys/${keyId}`));
    },
    async seeAll() {
      setBusyId('all');
      await act.run(async () => {
        const { data } = await getJson<List<Alert>>('/alerts', { unseen: true, pageSize: MANY });
        for (const { id } of data) await sendJson('POST', `/alerts/${id}/seen`);
      });
      await client.invalidateQueries({ queryKey: [ALERTS] });
      setBusyId(null);
    },
  };
}

export type AlertActs = ReturnType<typeof useAlertActs>;

/** Stands in the block list later, when the alert is long forgotten. */
function reasonOf({ kind }: Alert): string {
  return kind === 'refused_keys' ? 'Many wrong API keys' : 'Used a key from an unknown address';
}
