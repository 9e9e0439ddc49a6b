import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useStatus } from '../../api/lists.ts';
import { usePause } from '../../shell/pause.ts';

export function PauseButton() {
  const known = useStatus().data !== undefined;
  const { paused, busy, toggle } = usePause();
  const Icon = paused ? IconPlayerPlay : IconPlayerPause;
  return (
    <Button
      variant={paused ? 'filled' : 'default'}
      leftSection={<Icon size={16} stroke={1.5} />}
      loading={busy}
      disabled={!known}
      onClick={toggle}
    >
      {paused ? 'Resume' : 'Pause'}
    </Button>
  );
}
