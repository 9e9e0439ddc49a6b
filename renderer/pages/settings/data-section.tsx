import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { useSettings } from '../../api/lists.ts';
import { Panel } from '../../components/panel.tsx';
import { bytes, count, moment, plural } from '../../format.ts';
import { BackupsDrawer } from './backups-drawer.tsx';
import { useDesktop, useStorage } from './queries.ts';
import { SettingRow } from './setting-row.tsx';
import { useChange } from './use-change.ts';

const RETENTION_DAYS = [7, 30, 90, 180, 365, 730, 2_557];

export function DataSection() {
  return (
    <Panel title="Data" flush>
      <Retention />
      <Folder />
      <Backups />
    </Panel>
  );
}

function Retention() {
  const days = useSettings().data?.retentionDays;
  const storage = useStorage().data;
  const { change, error } = useChange<object>('PATCH', '/settings');
  const choices =
    days === undefined || RETENTION_DAYS.includes(days) ? RETENTION_DAYS : [...RETENTION_DAYS, days];
  const held = storage && `${plural(storage.requestRows, 'row')}, ${bytes(storage.databaseBytes)}. `;
  return (
    <SettingRow
      title="Keep single requests for"
      help={`${held ?? ''}Sums by hour are kept for ever.`}
      error={error}
    >
      <Select
        aria-label="Keep single requests for"
        w={200}
        disabled={days === undefined}
        data={choices
          .sort((a, b) => a - b)
          .map((value) => ({ value: String(value), label: daysName(value) }))}
        value={days === undefined ? null : String(days)}
        onChange={(value) => change({ retentionDays: Number(value) })}
      />
    </SettingRow>
  );
}

function daysName(days: number): string {
  if (days === 365) return '1 year';
  return days > 365 ? `${Math.round(days / 365)} years` : `${count(days)} days`;
}

function Folder() {
  const dataDir = useStorage().data?.dataDir;
  const canOpen = useDesktop().data?.available ?? false;
  const { change, error } = useChange<object>('POST', '/desktop/open-data-folder');
  return (
    <SettingRow title="Folder" help={<code>{dataDir ?? ''}</code>} error={error}>
      {canOpen && <Button onClick={() => change({})}>Open folder</Button>}
    </SettingRow>
  );
}

function Backups() {
  const storage = useStorage().data;
  const { change, busy, error } = useChange<object>('POST', '/backups');
  const [listed, setListed] = useState(false);
  const last = storage?.backups[0];
  const when = last === undefined ? 'None yet.' : `Last one ${moment(last.at)}, ${bytes(last.bytes)}.`;
  return (
    <>
      <SettingRow title="Backup" help={`${when} Credentials are not in it.`} error={error}>
        <Button onClick={() => setListed(true)} disabled={storage === undefined}>
          Restore…
        </Button>
        <Button onClick={() => change({})} loading={busy}>
          Back up now
        </Button>
      </SettingRow>
      {listed && storage !== undefined && (
        <BackupsDrawer storage={storage} onClose={() => setListed(false)} />
      )}
    </>
  );
}
