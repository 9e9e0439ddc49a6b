import { Button, Switch } from '@mantine/core';
import type { OwnerAccess, Sharing, SharingChange } from '../../../../gateway/doors/admin/contract.ts';
import { plural } from '../../../format.ts';
import { SettingRow } from '../setting-row.tsx';
import { useChange } from '../use-change.ts';
import { useOwnerAccess } from './queries.ts';

/** Whether this panel answers other computers, and by what its owner signs in there. */
export function PanelSetting({ sharing, onAccess }: { sharing: Sharing; onAccess: () => void }) {
  const access = useOwnerAccess().data;
  const { change, busy, error } = useChange<SharingChange>('PUT', '/sharing');
  const ready = access !== undefined && access.passwordSetAt !== null;
  return (
    <SettingRow
      title="Panel from other computers"
      help={`Off is safest. Colleagues only ever need their own page. ${accessWords(access)}`}
      error={error}
    >
      <Button onClick={onAccess} disabled={access === undefined}>
        {ready ? 'Sign-in…' : 'Set password…'}
      </Button>
      <Switch
        aria-label="Panel from other computers"
        style={{ alignSelf: 'center' }}
        checked={sharing.panel}
        disabled={busy || !ready}
        onChange={(event) => change({ panel: event.currentTarget.checked })}
      />
    </SettingRow>
  );
}

function accessWords(access: OwnerAccess | undefined): string {
  if (access === undefined) return '';
  if (access.passwordSetAt === null) return 'It takes a password, which is not set.';
  const keys = access.passkeys.length === 0 ? '' : ` or ${plural(access.passkeys.length, 'passkey')}`;
  return `You sign in there by password${keys}.`;
}
