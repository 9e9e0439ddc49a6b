import { IconDeviceDesktop, IconLock } from '@tabler/icons-react';
import { useStatus } from '../../../api/lists.ts';
import { Panel } from '../../../components/panel.tsx';
import classes from './kept.module.css';

/** What the gateway keeps, and where. */
export function Kept() {
  const vault = useStatus().data?.vault;
  return (
    <Panel title="What is kept">
      <ul className={classes.list}>
        <li>
          <IconLock size={16} stroke={1.5} aria-hidden="true" />
          <span>{vault?.protection ?? '\u00a0'}</span>
        </li>
        <li>
          <IconDeviceDesktop size={16} stroke={1.5} aria-hidden="true" />
          <span>
            Times, models and token counts stay on this computer. Prompts and answers are never stored.
          </span>
        </li>
      </ul>
    </Panel>
  );
}
