import { Switch } from '@mantine/core';
import { useSettings, useStatus } from '../../api/lists.ts';
import { Panel } from '../../components/panel.tsx';
import { SettingRow } from './setting-row.tsx';
import { useChange } from './use-change.ts';

export function MetricsSection() {
  const settings = useSettings().data;
  const url = useStatus().data?.addresses[0] ?? '';
  const { change, busy, error } = useChange<object>('PATCH', '/settings');
  return (
    <Panel title="Metrics" flush>
      <SettingRow
        title="Prometheus"
        help={
          <>
            At <code>{url}/metrics</code>, for programs on this computer
          </>
        }
        error={error}
      >
        <Switch
          aria-label="Prometheus metrics"
          checked={settings?.metrics ?? false}
          disabled={busy || settings === undefined}
          onChange={(event) => change({ metrics: event.currentTarget.checked })}
        />
      </SettingRow>
    </Panel>
  );
}
