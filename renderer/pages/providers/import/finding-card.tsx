import { Anchor, Button, Checkbox } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { ImportFinding, ImportLook, ImportSource } from '../../../../gateway/doors/admin/contract.ts';
import { useModels, useProviderKinds } from '../../../api/lists.ts';
import { NameList } from '../../../components/name-list.tsx';
import { KIND_LETTERS } from '../../../components/provider-look.ts';
import { Notice, wordsOf } from '../../../components/states.tsx';
import { Tile } from '../../../components/tile.tsx';
import { plural } from '../../../format.ts';
import { Verdict } from '../verdict.tsx';
import classes from './import-drawer.module.css';
import { LookAgain } from './look-again.tsx';
import { namesOf, offered } from './publish-imported.ts';
import { type Taken, useTake } from './queries.ts';

interface FindingCardProps {
  source: ImportSource;
  wish: ImportLook;
  finding: ImportFinding;
  together: readonly string[];
  onTaken: (providerId: string) => void;
  onAgain: () => void;
}

/** One provider that could be taken over, what would come with it, and what became of it. */
export function FindingCard({ source, wish, finding, together, onTaken, onAgain }: FindingCardProps) {
  const { name, kind, baseUrl, places, notes, known } = finding;
  const models = useModels().data ?? [];
  const label = useProviderKinds().data?.find(({ id }) => id === kind)?.label ?? kind;
  const free = offered(finding.models, models, together);
  const names = namesOf(free);
  const [publish, setPublish] = useState(true);
  const take = useTake(source, wish);
  const start = () =>
    take.mutate(
      { finding, publish: publish && free.length > 0, models, together },
      { onSuccess: ({ provider }) => onTaken(provider.id) },
    );
  return (
    <section className={classes.card} aria-label={name}>
      <div className={classes.head}>
        <Tile name={name} letters={KIND_LETTERS[kind]} size={32} />
        <span className={classes.words}>
          <b>{name}</b>
          <span className={classes.line}>
            {name === label ? '' : `${label}, `}
            {keyWords(finding)}
          </span>
        </span>
        {known !== null || take.isSuccess ? (
          <span className={classes.done}>
            <IconCheck size={15} aria-hidden="true" />
            {take.isSuccess ? 'Taken over' : 'There already'}
          </span>
        ) : (
          <Button aria-label={`Take over ${name}`} loading={take.isPending} onClick={start}>
            Take over
          </Button>
        )}
      </div>
      <dl className={classes.facts}>
        <dt>Address</dt>
        <dd>
          <code>{baseUrl}</code>
        </dd>
        <dt>From</dt>
        <dd>
          {places.map((place) => (
            <span key={place} className={classes.place}>
              {place}
            </span>
          ))}
        </dd>
        {finding.headers.length > 0 && (
          <>
            <dt>Headers</dt>
            <dd>{finding.headers.join(', ')}</dd>
          </>
        )}
        {known !== null && (
          <>
            <dt>Here</dt>
            <dd>
              <Anchor component={Link} underline="always" href={`/providers/${known.id}`}>
                {known.name}
              </Anchor>{' '}
              has this address and this key.
            </dd>
          </>
        )}
      </dl>
      {notes.map((note) => (
        <p key={note} className={classes.line}>
          {note}
        </p>
      ))}
      {known === null && !take.isSuccess && free.length > 0 && (
        <Checkbox
          checked={publish}
          disabled={take.isPending}
          onChange={(event) => setPublish(event.currentTarget.checked)}
          label={
            <>
              Offer {plural(names.length, 'model')} under {names.length === 1 ? 'its name' : 'their names'}:{' '}
              <NameList names={names} />
            </>
          }
        />
      )}
      {take.isError && (
        <Notice tone="bad" action={<LookAgain onClick={onAgain} />}>
          {wordsOf(take.error)}
        </Notice>
      )}
      {take.isSuccess && <Result finding={finding} {...take.data} />}
    </section>
  );
}

function keyWords({ hasKey, keyHint }: ImportFinding): string {
  if (!hasKey) return 'no key needed';
  return keyHint === '' ? 'with a short key' : `key ${keyHint}`;
}

function Result({ finding, provider, test, published, refusal }: Taken & { finding: ImportFinding }) {
  return (
    <>
      {test !== null && <Verdict test={test} kind={finding.kind} withKey={finding.hasKey} />}
      {refusal !== null && <Notice tone="bad">{wordsOf(refusal)}</Notice>}
      <p className={classes.line}>
        It is the provider{' '}
        <Anchor component={Link} underline="always" href={`/providers/${provider.id}`}>
          {provider.name}
        </Anchor>
        {published.length > 0 && (
          <>
            {' '}
            and serves <NameList names={published} />
          </>
        )}
        .
      </p>
    </>
  );
}
