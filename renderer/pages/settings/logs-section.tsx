import { Button } from '@mantine/core';
import { useState } from 'react';
import { Panel } from '../../components/panel.tsx';
import { LogsDrawer } from './logs-drawer.tsx';
import { SettingRow } from './setting-row.tsx';

export function LogsSection() {
  const [open, setOpen] = useState(false);
  return (
    <Panel title="Logs" flush>
      <SettingRow
        title="The gateway’s log"
        help="What went wrong inside it. Never a credential, a key or a word of content."
      >
        <Button onClick={() => setOpen(true)}>Show</Button>
      </SettingRow>
      <SettingRow
        title="Diagnostics"
        help="A file to attach to a report: version, system, settings and counts, and the log’s last lines. No secrets, names or addresses."
      >
        <Button component="a" href="/admin/api/diagnostics" download="notokenlimit-diagnostics.json">
          Save
        </Button>
      </SettingRow>
      {open && <LogsDrawer onClose={() => setOpen(false)} />}
    </Panel>
  );
}
