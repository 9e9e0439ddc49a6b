import { Button, Group, Select } from '@mantine/core';
import { useState } from 'react';
import type { NewTunnel, Tunnel } from '../../gateway/doors/admin/contract.ts';
import { HOURS } from './tunnel-words.ts';

interface TunnelControlProps {
  tunnel: Tunnel;
  busy: boolean;
  onStart: (wanted: NewTunnel) => void;
  onStop: () => void;
}

/** Opens the tunnel for a chosen time, or closes it. */
export function TunnelControl({ tunnel, busy, onStart, onStop }: TunnelControlProps) {
  const found = tunnel.tools.filter(({ installed }) => installed);
  const [tool, setTool] = useState<string | null>(null);
  const [hours, setHours] = useState('8');
  if (tunnel.state !== 'off')
    return (
      <Button loading={busy} onClick={onStop}>
        Close tunnel
      </Button>
    );
  const chosen = found.find(({ id }) => id === tool) ?? found[0];
  if (chosen === undefined) return null;
  return (
    <Group gap={8} wrap="nowrap">
      {found.length > 1 && (
        <Select
          aria-label="Tool"
          w={160}
          allowDeselect={false}
          data={found.map(({ id, label }) => ({ value: id, label }))}
          value={chosen.id}
          onChange={setTool}
        />
      )}
      <Select
        aria-label="Open for"
        w={110}
        allowDeselect={false}
        data={HOURS}
        value={hours}
        onChange={(value) => setHours(value ?? '8')}
      />
      <Button loading={busy} onClick={() => onStart({ tool: chosen.id, hours: Number(hours) })}>
        Open tunnel
      </Button>
    </Group>
  );
}
