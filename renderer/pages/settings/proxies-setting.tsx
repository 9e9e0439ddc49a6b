import { Button } from '@mantine/core';
import { useState } from 'react';
import { useSettings } from '../../api/lists.ts';
import { ProxiesDrawer } from './proxies-drawer.tsx';
import { SettingRow } from './setting-row.tsx';

/** Reverse proxies in front of the gateway: behind one, addresses are otherwise all the proxy's. */
export function ProxiesSetting() {
  const settings = useSettings().data;
  const [open, setOpen] = useState(false);
  const proxies = settings?.trustedProxies ?? [];
  return (
    <SettingRow
      title="Trusted proxies"
      help={
        proxies.length === 0 ? (
          'None: the other end of a connection counts as its address. Name a reverse proxy, and whom it asks for counts.'
        ) : (
          <>
            <code>{proxies.join(', ')}</code> may say in <code>{settings?.trustedProxyHeader}</code> for whom
            they ask.
          </>
        )
      }
    >
      <Button onClick={() => setOpen(true)} disabled={settings === undefined}>
        {proxies.length === 0 ? 'Add…' : 'Change…'}
      </Button>
      {open && settings !== undefined && <ProxiesDrawer settings={settings} onClose={() => setOpen(false)} />}
    </SettingRow>
  );
}
