import { Kbd, Modal } from '@mantine/core';
import classes from './shortcut-help.module.css';
import { useShortcutList } from './shortcuts.tsx';

/** Those that no page asks for. */
const ALWAYS = [
  ['Ctrl K', 'Jump to a page, member, model or provider'],
  ['Esc', 'Close what is open'],
  ['Enter', 'Open the row'],
] as const;

/** What the keys do here and now. */
export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const list = useShortcutList();
  const named = [...list().map(({ keys, label }) => [keys, label] as const), ...ALWAYS];
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts">
      <dl className={classes.list}>
        {named.map(([keys, label]) => (
          <div key={keys}>
            <dt>{label}</dt>
            <dd>
              {keys.split(' ').map((key) => (
                <Kbd key={key} size="xs">
                  {key === '' ? 'Space' : key}
                </Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
