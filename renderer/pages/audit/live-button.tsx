import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { Dot } from '../../components/status.tsx';
import { useShortcut } from '../../shell/shortcuts.tsx';

/** Whether new requests come to the top by themselves. Space does the same. */
export function LiveButton({ live, onChange }: { live: boolean; onChange: (live: boolean) => void }) {
  useShortcut(' ', 'Live tail on or off', () => onChange(!live));
  return (
    <Button
      leftSection={live ? <Dot tone="ok" /> : <IconPlayerPlay size={14} stroke={1.5} />}
      aria-pressed={live}
      onClick={() => onChange(!live)}
      title="Space"
    >
      {live ? 'Live' : 'Go live'}
    </Button>
  );
}
