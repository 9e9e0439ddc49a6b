import { Drawer } from '@mantine/core';
import { useState } from 'react';
import type { ProviderKindFacts } from '../../../gateway/doors/admin/contract.ts';
import { useProviderKinds } from '../../api/lists.ts';
import { SearchField } from '../../components/search-field.tsx';
import { Failed, Skeletons } from '../../components/states.tsx';
import classes from './catalogue-drawer.module.css';
import { GROUP_NAMES, groupOfKind, type KindGroup, KindTiles, kindsFound } from './kind-catalogue.tsx';

interface CatalogueDrawerProps {
  onChoose: (kind: ProviderKindFacts) => void;
  onClose: () => void;
}

/** The first step of adding a provider: which one. */
export function CatalogueDrawer({ onChoose, onClose }: CatalogueDrawerProps) {
  const kinds = useProviderKinds();
  const [search, setSearch] = useState('');
  const found = kinds.data === undefined ? [] : kindsFound(kinds.data, search);
  const [first] = found;
  return (
    <Drawer opened onClose={onClose} title="Add provider">
      <div className={classes.body}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (first !== undefined) onChoose(first);
          }}
        >
          <SearchField
            value={search}
            onChange={setSearch}
            placeholder="Find a provider"
            width="100%"
            shortcut={false}
            autoFocus
          />
        </form>
        {kinds.isError && <Failed what="The catalogue" error={kinds.error} onRetry={() => kinds.refetch()} />}
        {kinds.isPending && <Skeletons />}
        {(Object.keys(GROUP_NAMES) as KindGroup[]).map((group) => {
          const members = found.filter((kind) => groupOfKind(kind) === group);
          if (members.length === 0) return null;
          return (
            <section key={group} aria-label={GROUP_NAMES[group]}>
              <h3 className={classes.group}>{GROUP_NAMES[group]}</h3>
              <KindTiles kinds={members} columns={2} onChoose={onChoose} />
            </section>
          );
        })}
        {kinds.data !== undefined && found.length === 0 && (
          <p className="secondary">
            None of that name. Most services speak OpenAI style: choose OpenAI-compatible and give their base
            URL.
          </p>
        )}
      </div>
    </Drawer>
  );
}
