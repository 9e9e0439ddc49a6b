import { Switch } from '@mantine/core';
import { useEffect } from 'react';
import type { ConnectTool, Key, Tunnel } from '../../../gateway/doors/admin/contract.ts';
import { useTunnel } from '../../api/tunnel.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Notice } from '../../components/states.tsx';
import { TunnelControl } from '../../tunnel/tunnel-control.tsx';
import { stateWords } from '../../tunnel/tunnel-words.ts';
import { AddressField, Verdict } from './address-field.tsx';
import type { KeyChoice } from './key-choice.ts';
import classes from './key-row.module.css';

interface ReachingProps {
  tool: ConnectTool;
  choice: KeyChoice | null;
  onAddress: (address: string | null) => void;
}

/** How a tool's own servers reach this gateway: a tunnel that it opens itself, or an address the owner has. */
export function Reaching({ tool, choice, onAddress }: ReachingProps) {
  const { tunnel, busy, refusal, start, stop, allow } = useTunnel();
  const url = tunnel?.url ?? null;
  useEffect(() => {
    if (url !== null) onAddress(url);
  }, [url, onAddress]);
  if (tunnel === undefined) return null;
  const key = choice?.kind === 'existing' ? choice.key : null;
  return (
    <>
      <div className={classes.row}>
        <div className={classes.words}>
          <p className={classes.title}>{url === null ? 'A tunnel of this gateway' : <Address url={url} />}</p>
          <p className={classes.why} role="status">
            {wordsOf(tunnel)}
          </p>
        </div>
        <TunnelControl
          tunnel={tunnel}
          busy={busy}
          onStart={(wanted) => void start(wanted)}
          onStop={() => void stop()}
        />
      </div>
      {tunnel.state !== 'off' && <Allowance choice={key} busy={busy} onAllow={allow} />}
      {refusal !== null && <Notice tone="bad">{refusal}</Notice>}
      {tunnel.state === 'failed' && <Notice tone="bad">{stateWords(tunnel)}</Notice>}
      {tunnel.state === 'off' && <AddressField tool={tool} onAddress={onAddress} />}
    </>
  );
}

function Address({ url }: { url: string }) {
  return (
    <span style={{ display: 'flex', alignItems: 'center', gap: 6 }}>
      <code>{url}</code>
      <CopyButton text={url} label="the public address" />
      <Verdict address={url} />
    </span>
  );
}

function wordsOf(tunnel: Tunnel): string {
  if (tunnel.state === 'failed') return 'The tool ended.';
  if (tunnel.state !== 'off') return stateWords(tunnel);
  const found = tunnel.tools.some(({ installed }) => installed);
  const what = 'A public address for the inference routes alone and the keys you allow; it closes by itself.';
  const more = found ? '' : ' Install cloudflared, Tailscale or ngrok, then it can be opened here.';
  return `${tunnel.message === null ? '' : `${tunnel.message} `}${what}${more}`;
}

interface AllowanceProps {
  /** Null while the chosen key is still to be made. */
  choice: Key | null;
  busy: boolean;
  onAllow: (keyId: string, tunnel: boolean) => Promise<boolean>;
}

/** Whether the chosen key may come through. */
function Allowance({ choice, busy, onAllow }: AllowanceProps) {
  if (choice === null)
    return <Notice tone="warn">Make the key first, then allow it for the tunnel here.</Notice>;
  const { id, name, tunnel } = choice;
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <p className={classes.title}>“{name}” may come through the tunnel</p>
        <p className={classes.why}>Keys that are not allowed get 403 route_not_allowed there.</p>
      </div>
      <Switch
        aria-label={`“${name}” may come through the tunnel`}
        checked={tunnel}
        disabled={busy}
        onChange={(event) => void onAllow(id, event.currentTarget.checked)}
      />
    </div>
  );
}
