import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Alert, AlertAnswer, List } from '../../../gateway/doors/admin/contract.ts';
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

  async function run(id: string, work: () => Promise<unknown>): Promise<void> {
    setBusyId(id);
    await act.run(work);
    await client.invalidateQueries({ queryKey: [ALERTS] });
    setBusyId(null);
  }
  const answer = ({ id }: Alert, answer: AlertAnswer) =>
    run(id, () => sendJson('POST', `/alerts/${id}/answer`, { answer }));

  return {
    busyId,
    refusal: act.refusal,
    seen: (alert: Alert) => answer(alert, 'fine'),
    unblock: (alert: Alert) => answer(alert, 'unblock'),
    async blockForGood(alert: Alert, address: string) {
      const yes = await confirm({
        title: `Block ${address} for good?`,
        message: 'Every request from there gets 403 ip_blocked, whatever its key, until you lift the block.',
        action: 'Block',
        destructive: true,
      });
      if (yes) await answer(alert, 'block');
    },
    async suspend(alert: Alert, name: string) {
      const yes = await confirm({
        title: `Suspend ${name}?`,
        message:
          'All of their keys get 403 suspended from the next request on; running ones end as usual. You can let them in again at any time.',
        action: 'Suspend',
        destructive: true,
      });
      if (yes) await answer(alert, 'suspend');
    },
    async revoke(alert: Alert, name: string) {
      const yes = await confirm({
        title: `Revoke ${name}?`,
        message:
          'The next request with it gets 401 key_revoked; running ones end as usual. It cannot be brought back: a new one takes its place.',
        action: 'Revoke',
        destructive: true,
      });
      if (yes) await answer(alert, 'revoke');
    },
    takeBack: ({ id }: Alert) => run(id, () => sendJson('DELETE', `/alerts/${id}/answer`)),
    remove: ({ id }: Alert) => run(id, () => sendJson('DELETE', `/alerts/${id}`)),
    seeAll: () =>
      run('all', async () => {
        const { data } = await getJson<List<Alert>>('/alerts', { unseen: true, pageSize: MANY });
        for (const { id } of data) await sendJson('POST', `/alerts/${id}/seen`);
      }),
  };
}

export type AlertActs = ReturnType<typeof useAlertActs>;
