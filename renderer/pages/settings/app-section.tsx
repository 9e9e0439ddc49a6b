import { SegmentedControl, Select, Switch, useMantineColorScheme } from '@mantine/core';
import { Panel } from '../../components/panel.tsx';
import { useDesktop } from './queries.ts';
import { SettingRow } from './setting-row.tsx';
import { useChange } from './use-change.ts';

const SCHEMES = [
  { value: 'auto', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export function AppSection() {
  const desktop = useDesktop().data;
  return (
    <Panel title="App" flush>
      {desktop?.available && <DesktopRows />}
      {desktop?.available === false && (
        <SettingRow
          title="No desktop app around it"
          help={
            <>
              The gateway runs without a window here. Start at login, notifications and updates belong to the
              app; <code>npm start</code> opens it where there is a display.
            </>
          }
        />
      )}
      <Appearance />
    </Panel>
  );
}

function DesktopRows() {
  const desktop = useDesktop().data;
  const { change, busy, error } = useChange<object>('PATCH', '/desktop');
  if (desktop === undefined) return null;
  const { startAtLogin } = desktop;
  return (
    <>
      <SettingRow
        title="Start at login"
        help={
          startAtLogin === null
            ? 'This system or installation has no such thing.'
            : 'Opens in the tray, without a window'
        }
        error={error}
      >
        <Switch
          aria-label="Start at login"
          checked={startAtLogin ?? false}
          disabled={busy || startAtLogin === null}
          onChange={(event) => change({ startAtLogin: event.currentTarget.checked })}
        />
      </SettingRow>
      <SettingRow title="Closing the window" help="While it keeps running, quit it from the tray or below.">
        <Select
          aria-label="Closing the window"
          w={200}
          data={[
            { value: 'hides', label: 'Keeps running' },
            { value: 'quits', label: 'Quits' },
          ]}
          value={desktop.closeHides ? 'hides' : 'quits'}
          onChange={(value) => change({ closeHides: value === 'hides' })}
        />
      </SettingRow>
      <SettingRow title="Desktop notifications" help="For alerts and people who ask to join">
        <Switch
          aria-label="Desktop notifications"
          checked={desktop.notifications}
          disabled={busy}
          onChange={(event) => change({ notifications: event.currentTarget.checked })}
        />
      </SettingRow>
    </>
  );
}

/** Kept by this window or browser, not by the gateway. */
function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SettingRow title="Appearance">
      <SegmentedControl
        aria-label="Appearance"
        data={SCHEMES}
        value={colorScheme}
        onChange={(value) => setColorScheme(value as typeof colorScheme)}
      />
    </SettingRow>
  );
}
