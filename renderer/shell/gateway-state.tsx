import { Menu } from '@mantine/core';
import { IconSelector } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useStatus } from '../api/lists.ts';
import { useConnection } from '../api/live.tsx';
import { useCopy } from '../components/copy-button.tsx';
import { Dot, type Tone } from '../components/status.tsx';
import classes from './gateway-state.module.css';
import { usePause } from './pause.ts';
import { ShortcutHelp } from './shortcut-help.tsx';

export interface GatewayLook {
  tone: Tone;
  /** One word. */
  word: string;
  /** As a sentence's beginning. */
  title: string;
}

/** How the gateway is, for the sidebar's foot and the home page. */
export function useGatewayLook(): GatewayLook {
  const connection = useConnection();
  const { data: status, isError } = useStatus();
  if (connection === 'lost' || isError)
    return { tone: 'bad', word: 'No answer', title: 'Gateway does not answer' };
  if (status === undefined) return { tone: 'off', word: 'Connecting', title: 'Connecting to the gateway' };
  if (connection === 'draining')
    return { tone: 'warn', word: 'Shutting down', title: 'Gateway is shutting down' };
  if (status.paused) return { tone: 'warn', word: 'Paused', title: 'Gateway is paused' };
  return { tone: 'ok', word: 'Running', title: 'Gateway is running' };
}

/** The sidebar's foot: always there, with what the tray offers too. */
export function GatewayState() {
  const look = useGatewayLook();
  const { data: status } = useStatus();
  const { paused, toggle } = usePause();
  const { copy } = useCopy();
  const [, navigate] = useLocation();
  const [help, setHelp] = useState(false);
  const url = status?.addresses[0];
  return (
    <>
      <Menu position="top-start" width={200}>
        <Menu.Target>
          <button type="button" className={classes.state}>
            <Dot tone={look.tone} />
            <span className={classes.words}>
              <span className={classes.word}>{look.word}</span>
              <span className={classes.address}>
                {url?.replace(/^https?:\/\//, '') ?? 'this window only'}
              </span>
            </span>
            <IconSelector size={15} stroke={1.5} className={classes.more ?? ''} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={toggle} disabled={status === undefined}>
            {paused ? 'Resume' : 'Pause'}
          </Menu.Item>
          {url !== undefined && <Menu.Item onClick={() => copy(`${url}/api/v1`)}>Copy the address</Menu.Item>}
          <Menu.Divider />
          <Menu.Item onClick={() => setHelp(true)}>Keyboard shortcuts</Menu.Item>
          <Menu.Item onClick={() => navigate('/settings')}>Settings</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {help && <ShortcutHelp onClose={() => setHelp(false)} />}
    </>
  );
}
