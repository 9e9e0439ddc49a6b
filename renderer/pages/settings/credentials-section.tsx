import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { PanelSessions, Status as StatusAnswer } from '../../../gateway/doors/admin/contract.ts';
import { getJson, sendJson } from '../../api/admin-api.ts';
import { useStatus } from '../../api/lists.ts';
import { CONFIG } from '../../api/query-keys.ts';
import { Panel } from '../../components/panel.tsx';
import { Status, type Tone } from '../../components/status.tsx';
import { plural } from '../../format.ts';
import { SettingRow } from './setting-row.tsx';
import { useChange } from './use-change.ts';

type VaultKind = StatusAnswer['vault']['kind'];

const VAULTS: Record<VaultKind, readonly [tone: Tone, name: string]> = {
  keychain: ['ok', 'OS keychain'],
  'file-passphrase': ['ok', 'File, under your passphrase'],
  'file-key': ['warn', 'File, under a key file'],
};

export function CredentialsSection() {
  const vault = useStatus().data?.vault;
  return (
    <Panel title="Credentials" flush>
      <SettingRow title="Stored in" help={vault?.protection}>
        {vault !== undefined && (
          <Status tone={VAULTS[vault.kind][0]} quiet>
            {VAULTS[vault.kind][1]}
          </Status>
        )}
      </SettingRow>
      <SettingRow
        title="Admin token"
        help={
          <>
            For scripts and browsers on this computer. It is in <code>runtime.json</code> in the data folder,
            readable by you alone; each start makes a new one.
          </>
        }
      />
      <Sessions />
    </Panel>
  );
}

/** Browsers that are signed in; the list itself is on the Security page. */
function Sessions() {
  const client = useQueryClient();
  const sessions = useQuery({
    queryKey: [CONFIG, 'sessions'],
    queryFn: ({ signal }) => getJson<PanelSessions>('/sessions', {}, signal),
  }).data?.data;
  const { change, busy, error } = useChange<object>('DELETE', () => '/sessions');
  const others = sessions?.filter(({ current }) => !current).length ?? 0;
  const here = sessions?.some(({ current }) => current) ?? false;

  async function signOut() {
    await sendJson('DELETE', '/session');
    client.clear();
    window.location.reload();
  }
  return (
    <SettingRow
      title="Signed-in browsers"
      help={
        sessions === undefined
          ? ''
          : `${plural(sessions.length, 'browser')}${here ? ', this one among them' : ''}`
      }
      error={error}
    >
      {others > 0 && (
        <Button onClick={() => change({})} loading={busy}>
          Sign out the others
        </Button>
      )}
      {here && <Button onClick={() => void signOut()}>Sign out here</Button>}
    </SettingRow>
  );
}
