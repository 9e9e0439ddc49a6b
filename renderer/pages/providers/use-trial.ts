import { useState } from 'react';
import type { ProviderTrial, TrialProvider } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';

export interface Trial {
  busy: boolean;
  /** How the settings as they are now fared; null where they were not tried. */
  result: ProviderTrial | null;
  /** Other settings were tried before. */
  outdated: boolean;
  /** @throws AdminError for settings that could not be saved either */
  run: () => Promise<ProviderTrial>;
}

/** Tries settings with a real call. A result holds for the settings it was got with. */
export function useTrial(settings: TrialProvider): Trial {
  const now = JSON.stringify(settings);
  const [tried, setTried] = useState<{ settings: string; result: ProviderTrial } | null>(null);
  const [busy, setBusy] = useState(false);

  async function run(): Promise<ProviderTrial> {
    setBusy(true);
    try {
      const result = await sendJson<ProviderTrial>('POST', '/providers/test', settings);
      setTried({ settings: now, result });
      return result;
    } finally {
      setBusy(false);
    }
  }
  const holds = tried?.settings === now;
  return { busy, result: holds ? tried.result : null, outdated: tried !== null && !holds, run };
}
