import { Anchor, Checkbox, TagsInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useId, useRef, useState } from 'react';
import type { Model, UpstreamModel } from '../../../gateway/doors/admin/contract.ts';
import { plural } from '../../format.ts';
import classes from './model-choice.module.css';
import { contextSize, type Offer, offerOf } from './publish.ts';

interface ModelChoiceProps {
  found: readonly UpstreamModel[];
  models: ReadonlyMap<string, Model>;
  /** Null for a provider that is not saved yet. */
  providerId: string | null;
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

const ROW_HEIGHT = 34;
const MOST_ROWS = 8;

/** Models that a provider lists, to be offered under their own names. */
export function ModelChoice({ found, models, providerId, chosen, onChange }: ModelChoiceProps) {
  const [search, setSearch] = useState('');
  const label = useId();
  const rows = found.map((model) => ({ model, offer: offerOf(model.id, models, providerId) }));
  const free = rows.filter(({ offer }) => offer.kind === 'new').map(({ model }) => model.id);
  const words = search.trim().toLowerCase();
  const shown = rows.filter(({ model }) => model.id.toLowerCase().includes(words));
  const shownFree = shown.filter(({ offer }) => offer.kind === 'new').map(({ model }) => model.id);
  const allChosen = shownFree.length > 0 && shownFree.every((id) => chosen.includes(id));

  function toggle(id: string, on: boolean) {
    onChange(on ? [...chosen, id] : chosen.filter((other) => other !== id));
  }
  function toggleAll() {
    onChange(
      allChosen ? chosen.filter((id) => !shownFree.includes(id)) : [...new Set([...chosen, ...shownFree])],
    );
  }
  return (
    <section aria-labelledby={label}>
      <header className={classes.head}>
        <b id={label}>Models to offer</b>
        <span className={classes.count}>
          {chosen.length} of {found.length} chosen
        </span>
        {free.length > 0 && shownFree.length > 0 && (
          <Anchor component="button" type="button" className={classes.all ?? ''} onClick={toggleAll}>
            {allChosen ? 'Choose none' : words === '' ? 'Choose all' : `Choose these ${shownFree.length}`}
          </Anchor>
        )}
      </header>
      <div className={classes.box}>
        <label className={classes.search}>
          <IconSearch size={15} stroke={1.5} aria-hidden="true" />
          <input
            type="search"
            aria-label="Find a model"
            placeholder="Find a model"
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            // A form is sent by Enter in any of its fields.
            onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
          />
        </label>
        {shown.length === 0 && <p className={classes.nothing}>Nothing found</p>}
        <Rows rows={shown} chosen={chosen} onToggle={toggle} />
      </div>
      <Explanation offers={rows.map(({ offer }) => offer)} />
    </section>
  );
}

interface RowsProps {
  rows: readonly { model: UpstreamModel; offer: Offer }[];
  chosen: readonly string[];
  onToggle: (id: string, on: boolean) => void;
}

/** A service may list hundreds: only those in sight are in the page. */
function Rows({ rows, chosen, onToggle }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });
  const picked = new Set(chosen);
  return (
    <div
      ref={scroller}
      className={classes.rows}
      style={{ height: Math.min(rows.length, MOST_ROWS) * ROW_HEIGHT }}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const { model, offer } = row;
          const cannot = offer.kind === 'alias' || offer.kind === 'offered';
          return (
            <div key={model.id} className={classes.row} style={{ transform: `translateY(${start}px)` }}>
              <Checkbox
                label={model.id}
                classNames={{ root: classes.check ?? '', label: classes.id ?? '' }}
                checked={offer.kind === 'offered' || picked.has(model.id)}
                disabled={cannot}
                onChange={(event) => onToggle(model.id, event.currentTarget.checked)}
              />
              <span className={classes.fact}>{factOf(model, offer)}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function factOf({ facts }: UpstreamModel, offer: Offer): string {
  if (offer.kind === 'offered') return 'offered';
  if (offer.kind === 'alias') return `an alias of ${offer.model.aliasOf}`;
  const context = facts.contextWindow === null ? '' : `${contextSize(facts.contextWindow)} context`;
  if (offer.kind !== 'target') return context;
  return `${context === '' ? '' : `${context}, `}name in use`;
}

function Explanation({ offers }: { offers: readonly Offer[] }) {
  const inUse = offers.filter(({ kind }) => kind === 'target').length;
  if (inUse === 0) return null;
  return (
    <p className={classes.help}>
      {plural(inUse, 'name is', 'names are')} in use. Choosing one adds this provider to it, tried after those
      it has.
    </p>
  );
}

/** Where a provider lists nothing, its models are named by hand. */
export function ModelNames({ chosen, onChange }: Pick<ModelChoiceProps, 'chosen' | 'onChange'>) {
  return (
    <TagsInput
      label="Models to offer"
      description="The provider lists none. Write a name as its documentation has it, then press Enter."
      placeholder={chosen.length === 0 ? 'Model name' : ''}
      value={[...chosen]}
      onChange={onChange}
      acceptValueOnBlur
    />
  );
}
