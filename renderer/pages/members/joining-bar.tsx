import { Switch } from '@mantine/core';
import { sendJson } from '../../api/admin-api.ts';
import { useSettings, useSharing, useStatus } from '../../api/lists.ts';
import { useSend } from '../../api/use-send.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { wordsOf } from '../../components/states.tsx';
import classes from './joining-bar.module.css';

/** Whether colleagues may ask to join, and where. */
export function JoiningBar() {
  const settings = useSettings().data;
  const sharing = useSharing().data;
  const here = useStatus().data?.addresses.at(-1);
  const shared = sharing?.urls[0] ?? sharing?.plainUrls[0];
  const address = shared ?? here;
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
        {error === null ? wordsFor(on, address, shared !== undefined) : wordsOf(error)}
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

function wordsFor(on: boolean, address: string | undefined, shared: boolean): string {
  if (!on) return 'Nobody can ask. Switched on, colleagues get a link, ask, and wait for you.';
  if (address === undefined) return 'The gateway listens at no address now.';
  return shared || !isOfThisComputer(address)
    ? 'Whoever opens this link can ask; you decide.'
    : 'You decide who gets in. Only this computer reaches the link until the gateway is shared.';
}

function isOfThisComputer(address: string): boolean {
  return /^https?:\/\/(127\.|localhost|\[::1\])/.test(address);
}
