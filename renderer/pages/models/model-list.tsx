import { Button } from '@mantine/core';
import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useModels, useProviders, useSettings } from '../../api/lists.ts';
import { useFilters } from '../../api/use-filters.ts';
import { Dismissed } from '../../components/dismissed.tsx';
import { FilterSelect } from '../../components/filter-select.tsx';
import { FilterBar } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { Empty, Notice } from '../../components/states.tsx';
import { plural } from '../../format.ts';
import { AutoDrawer } from './auto-drawer.tsx';
import { ModelDrawer } from './model-drawer.tsx';
import classes from './model-list.module.css';
import { AUTO, ECHO, rowsFound, rowsOf } from './model-rows.ts';
import { ModelTable, pathOf } from './model-table.tsx';
import { useDeleteModel } from './use-delete-model.ts';

/** A list this short is looked over, not searched. */
const SEARCH_FROM = 16;

export function ModelList({ openId }: { openId: string | null }) {
  const [, navigate] = useLocation();
  const filters = useFilters();
  const models = useModels();
  const providers = useProviders().data;
  const settings = useSettings().data;
  const [refusal, setRefusal] = useState<string | null>(null);
  // What the list shows stays while a drawer is open, and after.
  const shown = useSearch();
  const query = shown === '' ? '' : `?${shown}`;
  const close = () => navigate(`/models${query}`);
  const remove = useDeleteModel(setRefusal, close);

  const list = models.data;
  const known = list !== undefined && providers !== undefined;
  const rows = known ? rowsOf(list, providers, settings?.defaultModel ?? null) : undefined;
  const [search, providerId] = [filters.get('find') ?? '', filters.get('providerId')];
  const found = rows && rowsFound(rows, search, providerId);
  const opened = list?.find(({ id }) => id === openId);
  const hasModels = list?.some(({ targets }) => targets.length > 0) === true;
  const filtered = search !== '' || providerId !== null;
  return (
    <div className={classes.list}>
      {refusal !== null && (
        <Notice tone="bad" action={<Dismissed onClick={() => setRefusal(null)} />}>
          {refusal}
        </Notice>
      )}
      {known && openId !== null && openId !== 'add' && openId !== AUTO && opened === undefined && (
        <Notice tone="warn" action={<Dismissed onClick={close} />}>
          There is no model <code>{openId}</code>. It may have been renamed or deleted.
        </Notice>
      )}
      {known && !hasModels && !filtered && <NoModels hasProviders={providers.length > 0} />}
      {(filtered || (rows?.length ?? 0) >= SEARCH_FROM) && (
        <FilterBar aside={filtered && found !== undefined ? plural(found.length, 'name') : undefined}>
          <SearchField
            value={search}
            onChange={(find) => filters.set({ find }, { replace: true })}
            placeholder="Find a model"
          />
          <FilterSelect
            label="Provider"
            value={providerId}
            options={(providers ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(value) => filters.set({ providerId: value })}
          />
        </FilterBar>
      )}
      <Panel flush>
        <ModelTable
          rows={found}
          providers={new Map((providers ?? []).map((provider) => [provider.id, provider]))}
          error={models.error}
          onRetry={() => void models.refetch()}
          openId={openId}
          linkTo={(id) => pathOf(id) + query}
          onDelete={({ model }) => model !== null && void remove(model)}
          onRefused={setRefusal}
          empty={
            <Empty
              title="No model matches"
              why="Models are found by their name, by what they lead to, and by the provider’s name for them."
              action={<Button onClick={filters.clear}>Show all</Button>}
            />
          }
        />
      </Panel>
      {known && openId === 'add' && (
        <ModelDrawer model={null} models={list} providers={providers} onClose={close} />
      )}
      {known && openId === AUTO && settings !== undefined && (
        <AutoDrawer models={list} defaultModel={settings.defaultModel} onClose={close} />
      )}
      {known && opened !== undefined && (
        <ModelDrawer
          key={openId}
          model={opened}
          models={list}
          providers={providers}
          onDelete={opened.id === ECHO ? undefined : () => void remove(opened)}
          onClose={close}
        />
      )}
    </div>
  );
}

/** Above the names that come with the product. */
function NoModels({ hasProviders }: { hasProviders: boolean }) {
  const [, navigate] = useLocation();
  return (
    <Panel flush>
      <Empty
        title="No model of a provider yet"
        why={
          hasProviders
            ? 'Clients ask for models by name. Open a provider, test it, and choose which of its models to offer.'
            : 'Models come from providers: add one, and choose which of its models to offer. Until then only ntl/echo answers.'
        }
        action={
          <Button onClick={() => navigate(hasProviders ? '/providers' : '/providers/add')}>
            {hasProviders ? 'Go to providers' : 'Add a provider'}
          </Button>
        }
      />
    </Panel>
  );
}
