import { isUsable } from '../../accounts/keys.ts';
import type { LedgerAudit } from '../../audit/ledger-audit.ts';
import * as contract from './contract.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers } from './schemas.ts';
import { isoTime } from './values.ts';

export function statusRoutes(app: AdminApp, parts: AdminParts, ledger: LedgerAudit): void {
  const { store, vault, clock } = parts;

  function counts(): contract.Status['counts'] {
    const now = clock.wall();
    const usable = parts.keys.list().filter((key) => isUsable(key, now));
    const everUnseen = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 1, offset: 0, unseenOnly: true };
    return {
      providers: parts.providers.list().length,
      models: parts.models.list().length,
      members: parts.members.list().length,
      keys: usable.length,
      unseenAlerts: parts.alerts.list(everUnseen).total,
    };
  }

  app.get(
    '/status',
    { schema: { summary: 'How the gateway is', response: answers(contract.Status) } },
    async () => {
      const { pid, startedAt, addresses, runningRequests } = parts.runtime();
      const { balanced, checkedAt, differingMemberIds } = await ledger.check();
      return {
        version: parts.version,
        pid,
        startedAt: isoTime(startedAt),
        dataDir: parts.system.dataDir,
        desktop: parts.system.desktop !== null,
        paused: parts.pause.paused,
        addresses,
        vault: { kind: vault.kind, protection: vault.protection },
        notices: store.notices.map(({ kind, at, message }) => ({ kind, at: isoTime(at), message })),
        counts: counts(),
        runningRequests,
        ledger: {
          balanced,
          checkedAt: isoTime(checkedAt),
          differingMemberIds: differingMemberIds.map(String),
        },
      };
    },
  );
}
