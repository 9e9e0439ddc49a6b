import { Button, NumberInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Settings } from '../../../gateway/doors/admin/contract.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { SettingRow } from './setting-row.tsx';
import { useChange } from './use-change.ts';

/** Where Ollama listens unless told otherwise. */
const USUAL_PORT = 11_434;

/** A port of Ollama's own beside the gateway's. */
export function OllamaPortSetting({ settings }: { settings: Settings }) {
  const { ollamaPort, ollamaUrl, ollamaProblem } = settings;
  const [port, setPort] = useState<number | string>(ollamaPort ?? USUAL_PORT);
  const { change, busy, error } = useChange<object>('PATCH', '/settings');
  const isOther = typeof port === 'number' && port !== ollamaPort;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (typeof port === 'number') change({ ollamaPort: port });
  }
  return (
    <SettingRow
      title="A port of its own"
      help={ollamaUrl === null ? NONE_HELP : <Open url={ollamaUrl} />}
      error={error ?? ollamaProblem}
    >
      <form onSubmit={submit} style={{ display: 'contents' }}>
        <NumberInput
          aria-label="Ollama’s own port"
          w={120}
          min={1}
          max={65_535}
          thousandSeparator=""
          allowDecimal={false}
          value={port}
          onChange={setPort}
        />
        {(isOther || ollamaUrl === null) && (
          <Button type="submit" loading={busy} disabled={typeof port !== 'number'}>
            {ollamaProblem !== null && !isOther ? 'Try again' : ollamaUrl === null ? 'Open' : 'Move'}
          </Button>
        )}
        {ollamaPort !== null && !isOther && (
          <Button onClick={() => change({ ollamaPort: null })} loading={busy}>
            Close
          </Button>
        )}
      </form>
    </SettingRow>
  );
}

const NONE_HELP = `For tools that look at ${USUAL_PORT} alone. There OpenAI’s and Anthropic’s APIs answer without a key too.`;

function Open({ url }: { url: string }) {
  return (
    <span style={{ display: 'flex', alignItems: 'center', gap: 4 }}>
      All APIs answer at <code>{url}</code>
      <CopyButton text={url} label="the address of Ollama’s own port" />
    </span>
  );
}
