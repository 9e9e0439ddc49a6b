import { Button } from '@mantine/core';
import { useState } from 'react';
import type { CollectedKey, JoinStatus } from '../../gateway/doors/people/contract.ts';
import { askOwn } from '../colleague/ask.ts';
import { CardPage } from '../colleague/card-page.tsx';
import { wordsOf } from '../components/states.tsx';
import { AskForm } from './ask-form.tsx';
import classes from './join.module.css';
import { KeyPage } from './key-page.tsx';
import { useJoinRefresh, useJoinStatus } from './queries.ts';
import { ApprovedPage, OverPage, RefusedPage, UncollectedPage, WaitingPage } from './waiting-pages.tsx';

/** From the question to the key, in one column. */
export function JoinPage() {
  const { data, error, refetch } = useJoinStatus();
  const refresh = useJoinRefresh();
  const [collected, setCollected] = useState<CollectedKey | null>(null);
  if (collected !== null) return <KeyPage collected={collected} />;
  if (data === undefined) {
    if (error === null) return null;
    return (
      <CardPage title="The gateway does not answer" lead={wordsOf(error)}>
        <Button className={classes.wide ?? ''} onClick={() => void refetch()}>
          Try again
        </Button>
      </CardPage>
    );
  }
  return (
    <Asked
      status={data}
      onTold={refresh}
      onCollected={(key) => {
        setCollected(key);
        refresh();
      }}
    />
  );
}

export interface AskedProps {
  status: JoinStatus;
  onTold: (told?: JoinStatus) => void;
  onCollected: (key: CollectedKey) => void;
}

function Asked({ status, onTold, onCollected }: AskedProps) {
  const { request } = status;
  const startOver = async () => {
    await askOwn('DELETE', '/join/request');
    onTold();
  };
  if (request === null) return status.open ? <AskForm status={status} onAsked={onTold} /> : <ClosedPage />;
  switch (request.state) {
    case 'waiting':
      return <WaitingPage request={request} onTakeBack={startOver} />;
    case 'approved':
      return <ApprovedPage request={request} onCollected={onCollected} />;
    case 'refused':
      return <RefusedPage request={request} open={status.open} onAgain={startOver} />;
    case 'uncollected':
      return <UncollectedPage request={request} minutes={status.collectMinutes} />;
    case 'unanswered':
    case 'collected':
      return <OverPage request={request} status={status} onAgain={startOver} />;
  }
}

function ClosedPage() {
  return (
    <CardPage
      title="Nobody can join here now"
      lead="The owner of this gateway takes no new members at the moment. Tell the owner that you would like to, and open this page again."
    />
  );
}
