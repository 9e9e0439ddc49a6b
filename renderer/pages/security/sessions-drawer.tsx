import { Button, Drawer } from '@mantine/core';
import type { PanelSession } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { Empty, Failed, Notice, Skeletons } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { plural } from '../../format.ts';
import { useAct } from '../../people/use-act.ts';
import { browserName } from './browser-name.ts';
import { useSessions } from './queries.ts';
import classes from './sessions-drawer.module.css';

/** The browsers that are signed in to this panel, and the end of each. */
export function SessionsDrawer({ onClose }: { onClose: () => void }) {
  const { data, error, refetch } = useSessions();
  const act = useAct();
  const confirm = useConfirm();
  const sessions = data?.data;
  const others = sessions?.filter(({ current }) => !current).length ?? 0;

  async function endOthers() {
    const yes = await confirm({
      title: 'Sign out all other browsers?',
      message: `${plural(others, 'browser')} must sign in anew, with a link from the tray or with the admin token.`,
      action: 'Sign out',
      destructive: true,
    });
    if (yes) await act.run(() => sendJson('DELETE', '/sessions'));
  }
  return (
    <Drawer opened onClose={onClose} title="Signed in to this panel">
      <div className={classes.body}>
        <p className="secondary">
          A browser is signed out after 12 hours without use, after 7 days in any case, and when the gateway
          ends. Browsers on other computers can sign in only while the panel is on the network.
        </p>
        {act.refusal !== null && <Notice tone="bad">{act.refusal}</Notice>}
        {sessions === undefined && error === null && <Skeletons rows={2} height={52} />}
        {sessions === undefined && error !== null && (
          <Failed what="The sessions" error={error} onRetry={() => void refetch()} />
        )}
        {sessions?.length === 0 && (
          <Empty
            title="No browser is signed in"
            why="You are in the app’s own window, which needs no session."
          />
        )}
        <ul className={classes.sessions}>
          {sessions?.map((session) => (
            <Session
              key={session.id}
              session={session}
              busy={act.busy}
              onEnd={() => void act.run(() => sendJson('DELETE', `/sessions/${session.id}`))}
            />
          ))}
        </ul>
        {others > 1 && (
          <Button disabled={act.busy} onClick={() => void endOthers()}>
            Sign out all others…
          </Button>
        )}
      </div>
    </Drawer>
  );
}

function whence({ way, address }: PanelSession): string {
  return way === 'here' ? 'On this computer, ' : `From ${address} by ${way}, `;
}

interface SessionProps {
  session: PanelSession;
  busy: boolean;
  onEnd: () => void;
}

function Session({ session, busy, onEnd }: SessionProps) {
  const name = browserName(session.userAgent);
  return (
    <li className={classes.session}>
      <span className={classes.words}>
        <b title={session.userAgent}>{name}</b>
        <span className="muted">
          {whence(session)}since <Time at={session.createdAt} />, used{' '}
          <Time at={session.lastUsedAt} how="ago" />
        </span>
      </span>
      {session.current ? (
        <span className="muted">This browser</span>
      ) : (
        <Button size="compact-sm" disabled={busy} aria-label={`Sign out ${name}`} onClick={onEnd}>
          Sign out
        </Button>
      )}
    </li>
  );
}
