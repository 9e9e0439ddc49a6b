import { Button, Switch } from '@mantine/core';
import { useState } from 'react';
import type { Sharing, SharingChange } from '../../../../gateway/doors/admin/contract.ts';
import { useSharing } from '../../../api/lists.ts';
import { useConfirm } from '../../../components/confirm.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { day } from '../../../format.ts';
import { SettingRow } from '../setting-row.tsx';
import { useChange } from '../use-change.ts';
import { AccessDrawer } from './access-drawer.tsx';
import { AddressesDrawer } from './addresses-drawer.tsx';
import { PanelSetting } from './panel-setting.tsx';
import { TrustDrawer } from './trust-drawer.tsx';

type Task = 'addresses' | 'trust' | 'access';

/** The gateway for other computers: the switch, what colleagues open, and what it proves itself with. */
export function SharingSection() {
  const sharing = useSharing().data;
  const [task, setTask] = useState<Task | null>(null);
  const close = () => setTask(null);
  return (
    <Panel title="Sharing" flush>
      <OnSetting sharing={sharing} />
      {sharing?.on === true && <WhileOn sharing={sharing} onTask={setTask} />}
      {task === 'addresses' && sharing !== undefined && <AddressesDrawer sharing={sharing} onClose={close} />}
      {task === 'trust' && (
        <TrustDrawer fingerprint={sharing?.authority?.fingerprint ?? ''} onClose={close} />
      )}
      {task === 'access' && <AccessDrawer onClose={close} />}
    </Panel>
  );
}

function OnSetting({ sharing }: { sharing: Sharing | undefined }) {
  const { change, busy, error } = useChange<SharingChange>('PUT', '/sharing');
  const trouble = sharing?.on === true ? sharing.trouble : null;
  return (
    <SettingRow
      title="Share on your network"
      help={sharing === undefined ? '' : <Stand sharing={sharing} />}
      error={error ?? trouble}
    >
      <Switch
        aria-label="Share on your network"
        checked={sharing?.on ?? false}
        disabled={busy || sharing === undefined}
        onChange={(event) => change({ on: event.currentTarget.checked })}
      />
    </SettingRow>
  );
}

function Stand({ sharing }: { sharing: Sharing }) {
  if (!sharing.on)
    return 'Off: only this computer reaches the gateway. On, it also listens over HTTPS at this computer’s private addresses, with a certificate of its own. Colleagues reach the inference API and what their key opens; this panel and its API stay here.';
  if (sharing.state === 'waiting') return 'Waits: this computer has none of the shared addresses now.';
  return sharing.urls.map((url) => (
    <span key={url} style={{ display: 'flex', alignItems: 'center', gap: 4 }}>
      <code>{url}</code>
      <CopyButton text={url} label={url} />
    </span>
  ));
}

function WhileOn({ sharing, onTask }: { sharing: Sharing; onTask: (task: Task) => void }) {
  return (
    <>
      <SettingRow title="Addresses" help={addressWords(sharing)}>
        <Button onClick={() => onTask('addresses')}>Change…</Button>
      </SettingRow>
      <Authority sharing={sharing} onTrust={() => onTask('trust')} />
      <Certificate sharing={sharing} />
      <PlainHttp sharing={sharing} />
      <Mdns sharing={sharing} />
      <PanelSetting sharing={sharing} onAccess={() => onTask('access')} />
    </>
  );
}

function Authority({ sharing, onTrust }: { sharing: Sharing; onTrust: () => void }) {
  const fingerprint = sharing.authority?.fingerprint ?? '';
  return (
    <SettingRow
      title="Fingerprint"
      help={
        <>
          <code>{fingerprint}</code> <CopyButton text={fingerprint} label="the fingerprint" />
          <br />
          Colleagues trust this certificate once. Tell them the fingerprint by another way than this network.
        </>
      }
    >
      <Button onClick={onTrust}>How to trust…</Button>
    </SettingRow>
  );
}

function Certificate({ sharing: { certificate, leftOut } }: { sharing: Sharing }) {
  const confirm = useConfirm();
  const renew = useChange<object>('POST', () => '/sharing/certificate');
  const replace = useChange<object>('POST', () => '/sharing/authority');

  async function askToReplace() {
    const sure = await confirm({
      title: 'Make a new authority?',
      message:
        'Every colleague must trust the new one before their tools work again. Do it when the old key may be in other hands, or when a name of this computer is not certified.',
      action: 'Make a new one',
      destructive: true,
    });
    if (sure) replace.change({});
  }
  const left =
    leftOut.length === 0 ? '' : ` Not certified: ${leftOut.join(', ')}. A new authority certifies them too.`;
  return (
    <SettingRow
      title="Certificate"
      help={
        certificate === null
          ? 'None yet'
          : `For ${certificate.hosts.join(', ')}, until ${day(new Date(certificate.notAfter))}. It renews itself.${left}`
      }
      error={renew.error ?? replace.error}
    >
      <Button onClick={() => void askToReplace()} loading={replace.busy}>
        New authority…
      </Button>
      <Button onClick={() => renew.change({})} loading={renew.busy}>
        Renew
      </Button>
    </SettingRow>
  );
}

function PlainHttp({ sharing }: { sharing: Sharing }) {
  const confirm = useConfirm();
  const { change, busy, error } = useChange<SharingChange>('PUT', '/sharing');
  async function turn(plainHttp: boolean) {
    const sure =
      !plainHttp ||
      (await confirm({
        title: 'Listen without encryption as well?',
        message:
          'Whoever reads the network then reads keys, prompts and answers that go this way. It is for tools that cannot be made to trust a certificate.',
        action: 'Listen',
        destructive: true,
      }));
    if (sure) change({ plainHttp });
  }
  return (
    <SettingRow
      title="Plain HTTP"
      help={
        sharing.plainHttp
          ? `Readable for others on the network: ${sharing.plainUrls.join(', ') || 'nowhere now'}`
          : 'Off is safest. On, it also listens without encryption.'
      }
      error={error}
    >
      <Switch
        aria-label="Plain HTTP"
        checked={sharing.plainHttp}
        disabled={busy}
        onChange={(event) => void turn(event.currentTarget.checked)}
      />
    </SettingRow>
  );
}

function Mdns({ sharing }: { sharing: Sharing }) {
  const { change, busy, error } = useChange<SharingChange>('PUT', '/sharing');
  return (
    <SettingRow title="Announce by mDNS" help="Lets colleagues find the gateway by name" error={error}>
      <Switch
        aria-label="Announce by mDNS"
        checked={sharing.mdns}
        disabled={busy}
        onChange={(event) => change({ mdns: event.currentTarget.checked })}
      />
    </SettingRow>
  );
}

function addressWords({ addresses, available, port }: Sharing): string {
  const open = available.filter((address) => address.open).map(({ address }) => address);
  const which = addresses === null ? 'Every private address' : 'Chosen addresses';
  return `${which}, port ${port}${open.length === 0 ? '' : `: ${open.join(', ')}`}`;
}
