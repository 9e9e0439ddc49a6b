import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import { useKeys } from '../../api/lists.ts';
import { useTunnel } from '../../api/tunnel.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { TunnelControl } from '../../tunnel/tunnel-control.tsx';
import { stateWords } from '../../tunnel/tunnel-words.ts';
import { SettingRow } from './setting-row.tsx';

/** The public tunnel, for tools whose own servers make the calls. */
export function TunnelSetting() {
  const { tunnel, busy, refusal, start, stop } = useTunnel();
  const keys = useKeys().data;
  if (tunnel === undefined) return null;
  const allowed = keys?.filter(({ id }) => tunnel.keyIds.includes(id)).map(({ name }) => name) ?? [];
  const installed = tunnel.tools.some((tool) => tool.installed);
  return (
    <SettingRow
      title="Public tunnel"
      error={refusal ?? (tunnel.state === 'failed' ? stateWords(tunnel) : null)}
      help={
        <>
          {tunnel.url !== null && (
            <span style={{ display: 'flex', alignItems: 'center', gap: 4 }}>
              <code>{tunnel.url}</code>
              <CopyButton text={tunnel.url} label="the public address" />
            </span>
          )}
          {stateWords(tunnel)}{' '}
          {installed
            ? 'Only inference routes, only for keys you allow'
            : 'It takes cloudflared, Tailscale or ngrok on this computer'}
          {allowed.length > 0 ? `: ${allowed.join(', ')}.` : '.'}{' '}
          <Anchor component={Link} href="/connect/cursor" underline="always">
            For Cursor
          </Anchor>
        </>
      }
    >
      <TunnelControl
        tunnel={tunnel}
        busy={busy}
        onStart={(wanted) => void start(wanted)}
        onStop={() => void stop()}
      />
    </SettingRow>
  );
}
