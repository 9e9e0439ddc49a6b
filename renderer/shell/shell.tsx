import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { useStatus } from '../api/lists.ts';
import { useConnection } from '../api/live.tsx';
import { moveFocus } from '../components/row-focus.ts';
import { Notice, Stale } from '../components/states.tsx';
import { Jump } from './jump.tsx';
import { PLACES, SETTINGS } from './places.ts';
import classes from './shell.module.css';
import { ShortcutHelp } from './shortcut-help.tsx';
import { useShortcut } from './shortcuts.tsx';
import { Sidebar } from './sidebar.tsx';

/** What every page has around it. */
export function Shell({ children }: { children: ReactNode }) {
  const main = useRef<HTMLElement>(null);
  const [help, setHelp] = useState(false);
  const [location] = useLocation();
  useShortcut('?', 'This list', () => setHelp(true));
  useShortcut('j', 'Next row', () => moveFocus(document.activeElement, 1));
  useShortcut('k', 'Row before', () => moveFocus(document.activeElement, -1));

  // A new page begins at its top.
  useEffect(() => {
    if (location !== '') main.current?.scrollTo(0, 0);
  }, [location]);

  return (
    <div className={classes.shell}>
      <button type="button" className={classes.skip} onClick={() => main.current?.focus()}>
        Skip to the page
      </button>
      <Sidebar />
      <main id="main" ref={main} className={classes.main} tabIndex={-1}>
        <Notices />
        {children}
      </main>
      {[...PLACES, SETTINGS].map((place) => (
        <GoTo key={place.path} path={place.path} keys={`g ${place.key}`} label={`Go to ${place.label}`} />
      ))}
      <Jump />
      {help && <ShortcutHelp onClose={() => setHelp(false)} />}
    </div>
  );
}

function GoTo({ path, keys, label }: { path: string; keys: string; label: string }) {
  const [, navigate] = useLocation();
  useShortcut(keys, label, () => navigate(path));
  return null;
}

/** What the owner must know wherever they are. */
function Notices() {
  const connection = useConnection();
  const { data: status } = useStatus();
  const notices = status?.notices ?? [];
  if (connection !== 'lost' && notices.length === 0) return null;
  return (
    <div className={classes.notices}>
      {connection === 'lost' && (
        <Stale>
          The gateway does not answer; it is asked again every few seconds. What is below was true before.
        </Stale>
      )}
      {notices.map(({ kind, message }) => (
        <Notice key={kind} tone="warn">
          {message}
        </Notice>
      ))}
    </div>
  );
}
