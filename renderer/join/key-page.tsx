import { Anchor } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { CollectedKey } from '../../gateway/doors/people/contract.ts';
import { CardPage, Part } from '../colleague/card-page.tsx';
import { useOwnLimits, useOwnModels } from '../colleague/queries.ts';
import { ToolLines } from '../colleague/tool-lines.tsx';
import { CopyTextButton } from '../components/copy-button.tsx';
import { plural } from '../format.ts';
import { limitSentence } from '../people/limit-words.ts';
import classes from './join.module.css';

/** The key, this once, and what to do with it. It is in this page's memory alone. */
export function KeyPage({ collected }: { collected: CollectedKey }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (copied) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [copied]);
  return (
    <CardPage
      title={`You are in, ${collected.name}`}
      icon={{ tone: 'ok', picture: <IconCheck size={19} stroke={1.5} /> }}
      lead="This is your key. Copy it now; it is shown this once."
    >
      <output className={classes.key} aria-label="Your key">
        {collected.key}
      </output>
      <CopyTextButton text={collected.key} filled onCopied={() => setCopied(true)}>
        Copy key
      </CopyTextButton>
      <Part title="In your tool">
        <ToolLines secret={collected.key} />
      </Part>
      <Part title="Yours to use">
        <Yours />
      </Part>
    </CardPage>
  );
}

function Yours() {
  const models = useOwnModels().data;
  const limits = useOwnLimits().data;
  const told = [
    ...(models === undefined ? [] : [plural(models.length, 'model')]),
    ...(limits ?? []).slice(0, 3).map(limitSentence),
  ].join(', ');
  return (
    <p>
      {told === '' ? '' : `${told}. `}
      <Anchor href="/me" underline="always">
        Your page
      </Anchor>{' '}
      shows how much is left, and opens with your key.
    </p>
  );
}
