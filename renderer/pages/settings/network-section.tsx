import { Button, NumberInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Settings } from '../../../gateway/doors/admin/contract.ts';
import { useSettings, useStatus } from '../../api/lists.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Panel } from '../../components/panel.tsx';
import { ProxiesSetting } from './proxies-setting.tsx';
import { SettingRow } from './setting-row.tsx';
import { TunnelSetting } from './tunnel-setting.tsx';
import { useChange } from './use-change.ts';

export function NetworkSection() {
  const settings = useSettings().data;
  const addresses = useStatus().data?.addresses ?? [];
  return (
    <Panel title="Network" flush>
      {settings !== undefined && <Port key={settings.portInUse} settings={settings} />}
      <SettingRow title="Listening at" help={<Addresses addresses={addresses} />} />
      <ProxiesSetting />
      <TunnelSetting />
    </Panel>
  );
}

function Addresses({ addresses }: { addresses: readonly string[] }) {
  if (addresses.length === 0) return 'Nowhere: only this window reaches the gateway.';
  return addresses.map((url) => (
    <span key={url} style={{ display: 'flex', alignItems: 'center', gap: 4 }}>
      <code>{url}</code>
      <CopyButton text={url} label="the address" />
    </span>
  ));
}

function Port({ settings }: { settings: Settings }) {
  const [port, setPort] = useState<number | string>(settings.portInUse ?? '');
  const confirm = useConfirm();
  const { change, busy, error } = useChange<object, Settings>('PATCH', '/settings', ({ url }) => goOnAt(url));
  const other = typeof port === 'number' && port !== settings.portInUse;

  async function submit(event: FormEvent) {
    event.preventDefault();
    const sure = await confirm({
      title: `Listen on port ${port}?`,
      message:
        'The gateway moves at once; requests that run end where they are. Every tool must be told the new address.',
      action: 'Move',
    });
    if (sure) change({ port });
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <SettingRow title="Port" help={PORT_HELP[settings.portFrom]} error={error}>
        <NumberInput
          aria-label="Port"
          w={200}
          min={1}
          max={65_535}
          thousandSeparator=""
          allowDecimal={false}
          value={port}
          onChange={setPort}
          rightSection={other ? null : <span className="muted">in use</span>}
          rightSectionWidth={56}
        />
        {other && (
          <Button type="submit" variant="filled" loading={busy}>
            Move
          </Button>
        )}
      </SettingRow>
    </form>
  );
}

const PORT_HELP: Record<Settings['portFrom'], string> = {
  default: 'A change restarts the listener. Tools must be told the new address.',
  setting: 'A change restarts the listener. Tools must be told the new address.',
  flag: 'This start was given its port by a flag or by NTL_PORT; later starts without one use what you set here.',
};

/** A browser's page came from the old address; the window's did not. */
function goOnAt(url: string | null): void {
  if (url === null || !window.location.protocol.startsWith('http')) return;
  if (new URL(url).port !== window.location.port) window.location.port = new URL(url).port;
}
