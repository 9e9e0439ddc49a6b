import { Switch } from '@mantine/core';
import { sendJson } from '../../api/admin-api.ts';
import { useSettings, useStatus } from '../../api/lists.ts';
import { useSend } from '../../api/use-send.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { wordsOf } from '../../components/states.tsx';
import classes from './joining-bar.module.css';

/** Whether colleagues may ask to join, and where. */
export function JoiningBar() {
  const settings = useSettings().data;
  const address = useStatus().data?.addresses.at(-1);
  const { mutate, isPending, variables, error } = useSend((joining: boolean) =>
    sendJson('PATCH', '/settings', { joining }),
  );
  if (settings === undefined) return null;
  const on = isPending ? variables : settings.joining;
  const link = `${address ?? ''}/join`;
  return (
    <div className={classes.bar}>
      <Switch
        label="Joining"
        checked={on}
        onChange={(event) => mutate(event.currentTarget.checked)}
        aria-describedby="joining-words"
      />
      <span className={classes.words} id="joining-words">
        {error === null ? wordsFor(on, address !== undefined) : wordsOf(error)}
      </span>
      {on && address !== undefined && (
        <span className={classes.link}>
          <code>{link}</code>
          <CopyButton text={link} label="the link to join" />
        </span>
      )}
    </div>
  );
}

function wordsFor(on: boolean, listens: boolean): string {
  if (!on) return 'Nobody can ask. Switched on, colleagues get a link, ask, and wait for you.';
  return listens ? 'Whoever opens this link can ask; you decide.' : 'The gateway listens at no address now.';
}
