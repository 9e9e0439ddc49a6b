import { Switch } from '@mantine/core';
import { sendJson } from '../api/admin-api.ts';
import { useSend } from '../api/use-send.ts';
import { wordsOf } from './states.tsx';

interface OnSwitchProps {
  /** What is switched, for screen readers. */
  label: string;
  /** Route that takes PATCH `{enabled}`. */
  path: string;
  on: boolean;
  disabled?: boolean;
  /** Told what the gateway says against it; null once it takes it. */
  onRefused: (words: string | null) => void;
}

/** A row's switch: it holds at once, and goes back where the gateway refuses. */
export function OnSwitch({ label, path, on, disabled = false, onRefused }: OnSwitchProps) {
  const { mutate, isPending, variables } = useSend((enabled: boolean) =>
    sendJson('PATCH', path, { enabled }),
  );
  return (
    <Switch
      aria-label={label}
      checked={isPending ? variables : on}
      disabled={disabled}
      onChange={(event) =>
        mutate(event.currentTarget.checked, {
          onSuccess: () => onRefused(null),
          onError: (error) => onRefused(wordsOf(error)),
        })
      }
    />
  );
}
