import { Button } from '@mantine/core';
import type { DesktopUpdate } from '../../../gateway/doors/admin/contract.ts';
import { useStatus } from '../../api/lists.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { Panel } from '../../components/panel.tsx';
import { moment } from '../../format.ts';
import { useDesktop } from './queries.ts';
import { SettingRow } from './setting-row.tsx';
import { useChange } from './use-change.ts';

export function AboutSection() {
  const status = useStatus().data;
  const desktop = useDesktop().data;
  return (
    <Panel title="About" flush>
      <SettingRow
        title={`NoTokenLimit Desktop ${status?.version ?? ''}`}
        help={status && `Running since ${moment(status.startedAt)}, process ${status.pid}. MIT licence.`}
      />
      {desktop?.available && <Updates update={desktop.update} />}
      {desktop?.available && <Quit />}
    </Panel>
  );
}

/** What the button does next, and what is said meanwhile. */
const STEPS: Record<DesktopUpdate['state'], readonly [button: string | null, words: string]> = {
  unsupported: [null, 'This installation does not update itself.'],
  none: ['Look for updates', 'Nothing newer is known.'],
  checking: [null, 'Looking …'],
  available: ['Download', 'A newer version is there.'],
  downloading: [null, 'Downloading …'],
  ready: ['Restart into it', 'Downloaded; it takes a restart.'],
  failed: ['Try again', 'The last look for updates failed.'],
};

function Updates({ update }: { update: DesktopUpdate }) {
  const { change, busy, error } = useChange<object>('POST', '/desktop/update');
  const [button, words] = STEPS[update.state];
  const version = update.version === null ? '' : ` Version ${update.version}.`;
  return (
    <SettingRow title="Updates" help={`${update.message ?? words}${version}`} error={error}>
      {button !== null && (
        <Button onClick={() => change({})} loading={busy}>
          {button}
        </Button>
      )}
    </SettingRow>
  );
}

function Quit() {
  const confirm = useConfirm();
  const { change, error } = useChange<object>('POST', '/desktop/quit');
  async function quit() {
    const sure = await confirm({
      title: 'Quit NoTokenLimit?',
      message: 'Requests that run are let end; then nothing answers your tools until it is started again.',
      action: 'Quit',
      destructive: true,
    });
    if (sure) change({});
  }
  return (
    <SettingRow title="Quit" help="Ends the gateway too" error={error}>
      <Button onClick={() => void quit()}>Quit…</Button>
    </SettingRow>
  );
}
