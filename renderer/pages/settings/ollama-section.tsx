import { Select, Switch } from '@mantine/core';
import type { Settings } from '../../../gateway/doors/admin/contract.ts';
import { useKeys, useMembers, useSettings } from '../../api/lists.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Panel } from '../../components/panel.tsx';
import { keyPrefix } from '../../format.ts';
import { isUsable } from '../../people/key-words.ts';
import { OllamaPortSetting } from './ollama-port-setting.tsx';
import { SettingRow } from './setting-row.tsx';
import { useChange } from './use-change.ts';

/** For tools that know Ollama's API and no other. */
export function OllamaSection() {
  const settings = useSettings().data;
  const { change, busy, error } = useChange<object>('PATCH', '/settings');
  return (
    <Panel title="Ollama" flush>
      <SettingRow
        title="Ollama’s API"
        help={settings?.ollama ? <Where settings={settings} /> : OFF_HELP}
        error={error}
      >
        <Switch
          aria-label="Ollama’s API"
          checked={settings?.ollama ?? false}
          disabled={busy || settings === undefined}
          onChange={(event) => change({ ollama: event.currentTarget.checked })}
        />
      </SettingRow>
      {settings?.ollama && (
        <>
          <OllamaPortSetting key={settings.ollamaPort} settings={settings} />
          <KeySetting settings={settings} />
        </>
      )}
    </Panel>
  );
}

const OFF_HELP = (
  <>
    For tools on this computer that know no other: they find your models here as they would find Ollama’s.
    While it is on, <code>/api/chat</code> and <code>/api/embeddings</code> are Ollama’s; <code>/api/v1</code>{' '}
    stays as it is.
  </>
);

function Where({ settings: { url } }: { settings: Settings }) {
  if (url === null) return 'On';
  return (
    <span style={{ display: 'flex', alignItems: 'center', gap: 4 }}>
      On this computer, at <code>{url}</code>
      <CopyButton text={url} label="the address" />
    </span>
  );
}

const MOST_SHOWN = 200;
const NOBODY = 'none';

/** Tools of Ollama's send no key. */
function KeySetting({ settings: { ollamaKeyId } }: { settings: Settings }) {
  const keys = useKeys().data;
  const members = useMembers().data ?? [];
  const { change, busy, error } = useChange<object>('PATCH', '/settings');
  const named = new Map(members.map(({ id, name }) => [id, name]));
  const options = (keys ?? [])
    .filter((key) => isUsable(key) && key.kind !== 'subscription')
    .map(({ id, name, prefix, memberId }) => ({
      value: id,
      label: `${name}, ${named.get(memberId) ?? 'nobody'} (${keyPrefix(prefix)})`,
    }));
  const isGone =
    keys !== undefined && ollamaKeyId !== null && !options.some(({ value }) => value === ollamaKeyId);
  return (
    <SettingRow
      title="Requests without a key"
      help="Count as this key, its member and their limits. Web pages and other computers need a key of their own."
      error={
        error ??
        (isGone ? 'The key was revoked or has expired: such requests are refused. Choose another.' : null)
      }
    >
      <Select
        aria-label="Key of requests without one"
        w={280}
        searchable
        limit={MOST_SHOWN}
        disabled={busy || keys === undefined}
        data={[{ value: NOBODY, label: 'Are refused' }, ...options]}
        value={isGone ? null : (ollamaKeyId ?? NOBODY)}
        placeholder="Choose a key"
        onChange={(value) => value !== null && change({ ollamaKeyId: value === NOBODY ? null : value })}
      />
    </SettingRow>
  );
}
