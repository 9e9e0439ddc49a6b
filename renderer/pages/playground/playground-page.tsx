import { Anchor, Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { useKeys, useMembers, useModels } from '../../api/lists.ts';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failed, Skeletons } from '../../components/states.tsx';
import { Choices } from './choices.tsx';
import { Composer } from './composer.tsx';
import classes from './playground-page.module.css';
import { Thread } from './thread.tsx';
import { useChoices } from './use-choices.ts';
import { useConversation } from './use-conversation.ts';

/** Asks a model through one of the keys, as a tool would. */
export function PlaygroundPage() {
  const choices = useChoices();
  const { keyId, memberId, model, system } = choices;
  const [draft, setDraft] = useState('');
  const { turns, busy, ask, again, stop, clear } = useConversation();
  const ready = keyId !== null && model !== null;

  function send(question: string) {
    if (!ready || busy || question.trim() === '') return;
    setDraft('');
    ask({ keyId, memberId, model, system, question: question.trim() });
  }
  return (
    <div className={classes.page}>
      <Page
        title="Playground"
        lead="Asks as the key would: its limits, its allow-list, its audit row. Nothing of the conversation is stored."
        actions={turns.length > 0 && <Button onClick={clear}>New conversation</Button>}
      >
        <Panel className={classes.panel ?? ''} flush>
          <Lists>
            <Choices {...choices} />
            <Thread
              turns={turns}
              onAgain={(turn) => ready && again(turn, { keyId, memberId, model, system })}
              onTry={send}
              ready={ready}
            />
            <Composer
              draft={draft}
              onDraft={setDraft}
              onSend={send}
              onStop={stop}
              busy={busy}
              ready={ready}
            />
          </Lists>
        </Panel>
      </Page>
    </div>
  );
}

/** What must be there before anything can be asked. */
function Lists({ children }: { children: React.ReactNode }) {
  const keys = useKeys();
  const models = useModels();
  const members = useMembers();
  const broken = [keys, models, members].find(({ error, data }) => error !== null && data === undefined);
  if (broken !== undefined)
    return <Failed what="Keys and models" error={broken.error} onRetry={() => void broken.refetch()} />;
  if (keys.data === undefined || models.data === undefined || members.data === undefined)
    return <Skeletons />;
  if (keys.data.length === 0) {
    return (
      <Empty
        title="No key to ask with"
        why="Every request belongs to a key, also one made here. Its member's limits and models hold."
        action={
          <Anchor component={Link} href="/keys">
            Make a key
          </Anchor>
        }
      />
    );
  }
  return children;
}
