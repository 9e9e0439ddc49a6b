import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { ConnectTool } from '../../../gateway/doors/admin/contract.ts';
import { wordsOf } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { duration } from '../../format.ts';
import classes from './address-field.module.css';
import { publicAddress } from './public-address.ts';
import { useReach } from './use-reach.ts';

const TYPING_MS = 400;

/** The owner's own tunnel, for a tool whose servers make the calls; tried out before anybody is told of it. */
export function AddressField({
  tool,
  onAddress,
}: {
  tool: ConnectTool;
  onAddress: (address: string | null) => void;
}) {
  const [typed, setTyped] = useState('');
  const [settled] = useDebouncedValue(typed, TYPING_MS);
  const address = publicAddress(settled);
  const wrong = settled.trim() !== '' && address === null;
  useEffect(() => onAddress(address), [onAddress, address]);
  return (
    <TextInput
      label="Public address of your tunnel"
      description={`A tunnel of your own that leads here, such as cloudflared or ngrok. ${tool.label} is told it, nobody else.`}
      placeholder="https://ntl.example.net"
      inputMode="url"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      error={wrong ? 'Write an address such as https://ntl.example.net.' : null}
      rightSection={address === null ? null : <Verdict address={address} />}
      rightSectionWidth="auto"
      rightSectionProps={{ className: classes.verdict ?? '' }}
    />
  );
}

/** Whether an address leads here, tried out from here. */
export function Verdict({ address }: { address: string }) {
  const { data, error } = useReach(address);
  if (error !== null) return <Status tone="bad">{wordsOf(error)}</Status>;
  if (data === undefined) return <Status tone="off">Trying it…</Status>;
  if (data.verdict !== 'here') return <Status tone="bad">{data.message}</Status>;
  return (
    <Status tone="ok" quiet>
      Leads here, {duration(data.latencyMs)}
    </Status>
  );
}
