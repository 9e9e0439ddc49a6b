import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import type { Account } from '../../gateway/doors/people/contract.ts';
import { AdminError } from '../api/admin-api.ts';
import { askOwn } from '../colleague/ask.ts';
import { CardPage } from '../colleague/card-page.tsx';
import { OWN, useAccount } from '../colleague/queries.ts';
import { Skeletons, Stale, wordsOf } from '../components/states.tsx';
import { Board } from './board.tsx';
import classes from './me-page.module.css';
import { SignIn } from './sign-in.tsx';

/** What only the owner can change, in the words of a title. */
const SHUT: Readonly<Record<string, string>> = {
  access_disabled: 'Your access is off',
  suspended: 'You are suspended',
  ip_blocked: 'Not from this address',
};

/** A colleague's own page: of whoever showed a key in this browser. */
export function MePage() {
  const { data, error, refetch } = useAccount();
  const client = useQueryClient();
  const code = error instanceof AdminError ? error.code : null;

  async function signOut() {
    await askOwn('DELETE', '/me/session').catch(() => undefined);
    client.removeQueries({ queryKey: [OWN] });
    await refetch();
  }
  // Nothing of somebody who is signed out stays on the screen.
  if (error instanceof AdminError && error.status === 401) {
    const why = code === 'missing_auth' ? null : error.message;
    return <SignIn why={why} onSignedIn={() => void client.resetQueries({ queryKey: [OWN] })} />;
  }
  if (error instanceof AdminError && code !== null && code in SHUT) {
    return (
      <CardPage
        title={SHUT[code] ?? ''}
        icon={{ tone: 'bad', picture: <IconLock size={19} stroke={1.5} /> }}
        lead={`${error.message} Ask the owner of this gateway. Once that changes, your page is here again by itself.`}
      >
        <Button className={classes.out ?? ''} onClick={() => void signOut()}>
          Sign out
        </Button>
      </CardPage>
    );
  }
  if (data === undefined)
    return error === null ? <Loading /> : <Unreachable error={error} onRetry={() => void refetch()} />;
  return <Own account={data} stale={error} onSignOut={() => void signOut()} />;
}

interface OwnProps {
  account: Account;
  /** Why what is shown may be old. */
  stale: unknown;
  onSignOut: () => void;
}

function Own({ account, stale, onSignOut }: OwnProps) {
  return (
    <>
      <Board account={account} onSignOut={onSignOut} />
      {stale !== null && (
        <div className={classes.stale}>
          <Stale>What you see may be old. {wordsOf(stale)}</Stale>
        </div>
      )}
    </>
  );
}

function Loading() {
  return (
    <main className={classes.loading}>
      <Skeletons rows={4} height={44} />
    </main>
  );
}

function Unreachable({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <CardPage title="The gateway does not answer" lead={wordsOf(error)}>
      <Button className={classes.out ?? ''} onClick={onRetry}>
        Try again
      </Button>
    </CardPage>
  );
}
