import { Button } from '@mantine/core';
import { IconServer2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { ProviderKindFacts } from '../../../gateway/doors/admin/contract.ts';
import { useProviderKinds } from '../../api/lists.ts';
import { Panel } from '../../components/panel.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { Failed, Skeletons } from '../../components/states.tsx';
import classes from './first-run.module.css';
import { GROUP_NAMES, groupOfKind, KindTiles, kindsFound } from './kind-catalogue.tsx';
import { LocalRuntimesPanel } from './local-runtimes.tsx';

/** Before there is a provider: what can become one. */
export function FirstRun({ onBring }: { onBring: () => void }) {
  const kinds = useProviderKinds();
  const [search, setSearch] = useState('');
  const [, navigate] = useLocation();
  const choose = ({ id }: ProviderKindFacts) => navigate(`/providers/add?kind=${id}`);
  const of = (group: string, words = '') =>
    kindsFound(kinds.data ?? [], words).filter((kind) => groupOfKind(kind) === group);
  const hosted = of('hosted', search);
  return (
    <>
      <div className={classes.lead}>
        <span className={classes.icon}>
          <IconServer2 size={20} stroke={1.5} />
        </span>
        <div className={classes.words}>
          <h2 className={classes.title}>No provider yet</h2>
          <p className={classes.why}>
            Until you add one, only the built-in <code>ntl/echo</code> answers. Pick one below: an API key
            takes a minute, a model on this computer needs none.
          </p>
        </div>
        <Button onClick={onBring}>Bring them from elsewhere</Button>
      </div>
      <LocalRuntimesPanel />
      <Panel
        title={GROUP_NAMES.hosted}
        aside={<SearchField value={search} onChange={setSearch} placeholder="Find a provider" />}
      >
        {kinds.isPending && <Skeletons rows={3} height={46} />}
        {kinds.isError && (
          <Failed what="The catalogue" error={kinds.error} onRetry={() => void kinds.refetch()} />
        )}
        <KindTiles kinds={hosted} columns={4} onChoose={choose} />
        {kinds.data !== undefined && hosted.length === 0 && (
          <p className="secondary">None of that name. Most services answer as OpenAI-compatible, below.</p>
        )}
      </Panel>
      <Panel title={GROUP_NAMES.other}>
        <KindTiles kinds={of('other')} columns={3} onChoose={choose} />
      </Panel>
      <Panel title="On another computer of yours">
        <KindTiles kinds={of('own')} columns={4} onChoose={choose} />
      </Panel>
    </>
  );
}
