import { Anchor, Button } from '@mantine/core';
import { IconClock, IconKey, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { CollectedKey, JoinStatus } from '../../gateway/doors/people/contract.ts';
import { askOwn } from '../colleague/ask.ts';
import { CardPage, Part } from '../colleague/card-page.tsx';
import { Notice, wordsOf } from '../components/states.tsx';
import { comingMoment, moment } from '../format.ts';
import classes from './join.module.css';

type Request = NonNullable<JoinStatus['request']>;

export function WaitingPage({ request, onTakeBack }: { request: Request; onTakeBack: () => Promise<void> }) {
  return (
    <CardPage
      title={`You have asked, ${request.name}`}
      icon={{ tone: 'info', picture: <IconClock size={19} stroke={1.5} /> }}
      lead="The owner sees that you ask. This page changes by itself when the answer is there."
    >
      <p className={classes.busy} role="status">
        <span className={classes.pulse} aria-hidden="true" />
        Waiting since {moment(request.since).replace(/(\d\d:\d\d):\d\d/, '$1')}, until{' '}
        {comingMoment(request.until)} at most.
      </p>
      <Part title="You can close this page">
        <p>Come back with this browser: no other one gets your key.</p>
      </Part>
      <Act label="Take it back" quiet run={onTakeBack} />
    </CardPage>
  );
}

export function ApprovedPage({
  request,
  onCollected,
}: {
  request: Request;
  onCollected: (key: CollectedKey) => void;
}) {
  return (
    <CardPage
      title={`The owner lets you in, ${request.name}`}
      icon={{ tone: 'ok', picture: <IconKey size={19} stroke={1.5} /> }}
      lead="Your key is made now and shown once. Have a place ready to store it."
    >
      <Act
        label="Show my key"
        run={async () => onCollected(await askOwn<CollectedKey>('POST', '/join/key'))}
      />
      <p className={classes.hint}>
        It can be fetched until {comingMoment(request.until)}, in this browser alone.
      </p>
    </CardPage>
  );
}

export function RefusedPage({
  request,
  open,
  onAgain,
}: {
  request: Request;
  open: boolean;
  onAgain: () => Promise<void>;
}) {
  return (
    <CardPage
      title="The owner said no"
      icon={{ tone: 'bad', picture: <IconX size={19} stroke={1.5} /> }}
      {...(request.words === null
        ? { lead: 'Without more words. Ask in person if you think it is a mistake.' }
        : {})}
    >
      {request.words !== null && <blockquote className={classes.words}>{request.words}</blockquote>}
      {open && <Act label="Ask again" quiet run={onAgain} />}
    </CardPage>
  );
}

export function UncollectedPage({ request, minutes }: { request: Request; minutes: number }) {
  return (
    <CardPage
      title={`You are approved, ${request.name}, but it took too long`}
      icon={{ tone: 'info', picture: <IconClock size={19} stroke={1.5} /> }}
      lead={`A key can be fetched for ${minutes} minutes, and those are over. Ask the owner to offer it again: it shows here by itself.`}
    />
  );
}

interface OverPageProps {
  request: Request;
  status: JoinStatus;
  onAgain: () => Promise<void>;
}

/** Nothing more comes of this request. */
export function OverPage({ request, status, onAgain }: OverPageProps) {
  if (request.state === 'collected') {
    return (
      <CardPage
        title={`You are in, ${request.name}`}
        lead="Your key was shown in this browser already, once. If it got lost, ask the owner to offer it again: the old one stops then."
      >
        <Button className={classes.wide ?? ''} variant="filled" component="a" href="/me">
          Your page
        </Button>
        {status.open && <Act label="Ask for somebody else" quiet run={onAgain} />}
      </CardPage>
    );
  }
  return (
    <CardPage
      title="Nobody answered"
      lead={`The owner did not answer within ${status.waitsHours} hours, so the question is off the list.`}
    >
      {status.open && <Act label="Ask again" run={onAgain} />}
    </CardPage>
  );
}

/** A button that says what went wrong. */
function Act({ label, quiet = false, run }: { label: string; quiet?: boolean; run: () => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  async function act() {
    setBusy(true);
    setRefusal(null);
    await run().catch((error: unknown) => setRefusal(wordsOf(error)));
    setBusy(false);
  }
  return (
    <div className={classes.act}>
      {quiet ? (
        <Anchor component="button" type="button" onClick={() => void act()}>
          {label}
        </Anchor>
      ) : (
        <Button variant="filled" fullWidth loading={busy} onClick={() => void act()}>
          {label}
        </Button>
      )}
      {refusal !== null && <Notice tone="bad">{refusal}</Notice>}
    </div>
  );
}
