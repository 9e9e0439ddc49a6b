import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';

export interface Shortcut {
  /** One key as `event.key` tells it, or two after each other: `g h`. */
  keys: string;
  /** What it does, for the list of shortcuts. */
  label: string;
  run: () => void;
}

interface Registry {
  add: (shortcut: Shortcut) => () => void;
  list: () => Shortcut[];
}

const ShortcutContext = createContext<Registry | null>(null);

/** The second key of a pair must follow within this. */
const PAIR_MS = 1_200;

/** Listens for the keys that pages and parts of the page ask for. */
export function ShortcutProvider({ children }: { children: ReactNode }) {
  const [shortcuts] = useState(() => new Set<Shortcut>());
  const [registry] = useState<Registry>(() => ({
    add(shortcut) {
      shortcuts.add(shortcut);
      return () => void shortcuts.delete(shortcut);
    },
    list: () => [...shortcuts],
  }));

  useEffect(() => {
    let first = '';
    let firstAt = 0;
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target))
        return;
      const pair = Date.now() - firstAt < PAIR_MS ? `${first} ${event.key}` : '';
      const known = registry.list();
      // The last that asked is the innermost.
      const found =
        known.findLast(({ keys }) => keys === pair) ?? known.findLast(({ keys }) => keys === event.key);
      first = event.key;
      firstAt = found === undefined ? Date.now() : 0;
      if (found === undefined) return;
      event.preventDefault();
      found.run();
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [registry]);

  return <ShortcutContext value={registry}>{children}</ShortcutContext>;
}

/** Answers to a key for as long as the component shows. */
export function useShortcut(keys: string, label: string, run: () => void, enabled = true): void {
  const { add } = useRegistry();
  const latest = useRef(run);
  latest.current = run;
  useEffect(
    () => (enabled ? add({ keys, label, run: () => latest.current() }) : undefined),
    [add, keys, label, enabled],
  );
}

/** @returns what answers to keys now */
export function useShortcutList(): () => Shortcut[] {
  return useRegistry().list;
}

function useRegistry(): Registry {
  const registry = useContext(ShortcutContext);
  if (registry === null) throw new Error('There is no ShortcutProvider around this component.');
  return registry;
}

/** Whoever types, or answers a dialog, means that. */
function isBusy(target: EventTarget | null): boolean {
  const layers = document.querySelectorAll('[role="dialog"], [role="menu"], [role="listbox"]');
  // Mantine keeps the list of a closed select in the page.
  if ([...layers].some((layer) => layer.checkVisibility())) return true;
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable="true"]') !== null
  );
}
