import { Anchor } from '@mantine/core';
import { IconEyeOff, IconGauge, IconLock, IconShieldCheck, IconWorld } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import { Link } from 'wouter';
import type { Sharing, Status, Tunnel } from '../../../gateway/doors/admin/contract.ts';
import { useSettings, useSharing, useStatus } from '../../api/lists.ts';
import { useTunnel } from '../../api/tunnel.ts';
import { NOTHING, plural } from '../../format.ts';
import { leftWords } from '../../tunnel/tunnel-words.ts';
import classes from './posture.module.css';
import { useSessions } from './queries.ts';

const VAULTS: Record<Status['vault']['kind'], string> = {
  keychain: 'OS keychain',
  'file-passphrase': 'File, under your passphrase',
  'file-key': 'File, under a key file',
};

/** How well this gateway is kept, fact by fact. */
export function Posture({ onSessions }: { onSessions: () => void }) {
  const { data: status } = useStatus();
  const { data: settings } = useSettings();
  const sessions = useSessions().data?.data;
  const { data: sharing } = useSharing();
  const { tunnel } = useTunnel();
  const reach = status === undefined ? undefined : reachOf(status.addresses, sharing, tunnel);
  return (
    <ul className={classes.posture} aria-label="How this gateway is protected">
      <Fact
        icon={IconLock}
        label="Credentials"
        value={status === undefined ? NOTHING : VAULTS[status.vault.kind]}
        note={
          <Anchor component={Link} href="/settings" title={status?.vault.protection ?? ''}>
            What that protects
          </Anchor>
        }
        warn={status?.vault.kind === 'file-key'}
      />
      <Fact
        icon={IconWorld}
        label="Reachable from"
        value={reach?.value ?? NOTHING}
        note={reach?.note}
        warn={tunnel?.url != null}
      />
      <Fact
        icon={IconShieldCheck}
        label="This panel"
        value={sharing?.on === true && sharing.panel ? 'Your network, by password' : 'This computer only'}
        note={
          <Anchor component="button" type="button" onClick={onSessions}>
            {sessions === undefined ? 'Browser sessions' : plural(sessions.length, 'browser session')}
          </Anchor>
        }
      />
      <Fact
        icon={IconGauge}
        label="Metrics"
        value={settings === undefined ? NOTHING : settings.metrics ? 'On' : 'Off'}
        note={
          <Anchor component={Link} href="/settings">
            {settings?.metrics === true ? 'At /metrics' : 'Settings'}
          </Anchor>
        }
      />
      <Fact icon={IconEyeOff} label="Prompts and answers" value="Never stored" note="Only counts and times" />
    </ul>
  );
}

interface FactProps {
  icon: ComponentType<{ size?: number; stroke?: number; className?: string }>;
  label: string;
  value: string;
  note: ReactNode;
  warn?: boolean;
}

function Fact({ icon: Icon, label, value, note, warn = false }: FactProps) {
  return (
    <li className={classes.fact}>
      <Icon size={16} stroke={1.5} className={classes.icon ?? ''} />
      <span className={classes.words}>
        <span className={classes.label}>{label}</span>
        <b className={classes.value} data-warn={warn || undefined}>
          {value}
        </b>
        <span className={classes.note}>{note}</span>
      </span>
    </li>
  );
}

/** Loopback is this computer; anything else is whoever reaches it. */
function reachOf(
  addresses: readonly string[],
  sharing: Sharing | undefined,
  tunnel: Tunnel | undefined,
): { value: string; note: string } {
  if (tunnel?.url != null)
    return { value: 'A public tunnel', note: `For ${leftWords(tunnel.endsAt ?? '')} more` };
  if (sharing?.on === true) {
    const how = sharing.plainHttp ? 'HTTPS, and plain HTTP' : 'HTTPS';
    return { value: 'Your network', note: `${how}: ${sharing.urls[0] ?? 'no network now'}` };
  }
  if (addresses.length === 0) return { value: 'This window only', note: 'It listens nowhere' };
  const hosts = addresses.map((address) => new URL(address));
  const local = hosts.every(({ hostname }) => /^(localhost|127\.|\[::1\])/.test(hostname));
  const note = hosts.map(({ host }) => host).join(', ');
  return local ? { value: 'This computer only', note } : { value: 'Your network', note };
}
