import { Anchor } from '@mantine/core';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import type { Provider } from '../../../gateway/doors/admin/contract.ts';
import type { AdminForm } from '../../components/admin-form.ts';
import type { ModelValues, TargetValue } from './model-values.ts';
import { newTarget } from './model-values.ts';
import classes from './target-list.module.css';
import { TargetRow } from './target-row.tsx';

export interface ModelFormProps {
  form: AdminForm<ModelValues>['form'];
}

interface TargetListProps extends ModelFormProps {
  providers: readonly Provider[];
  /** Told when a provider's name for the model was picked from its list. */
  onPick: (upstreamModel: string) => void;
  /** Lets the name stand for another model instead. */
  onAlias?: (() => void) | undefined;
}

/** Providers in the order they are tried: drag a row by its handle, or press an arrow key on it. */
export function TargetList({ form, providers, onPick, onAlias }: TargetListProps) {
  const { targets } = form.getValues();
  const [dragged, setDragged] = useState<string | null>(null);
  const [told, setTold] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const refocus = useRef<string | null>(null);
  const places = placesOf(targets);
  const allJoined = targets.length > 1 && targets.every(({ joined }, index) => index === 0 || joined);

  // A row that moved is another place in the page: the cursor follows it.
  useEffect(() => {
    if (refocus.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-handle="${refocus.current}"]`)?.focus();
    refocus.current = null;
  });

  function put(next: TargetValue[]) {
    form.setFieldValue(
      'targets',
      next.map((target, index) => (index === 0 && target.joined ? { ...target, joined: false } : target)),
    );
  }
  function move(from: number, to: number) {
    const target = targets[from];
    if (target === undefined || to < 0 || to >= targets.length) return;
    form.clearErrors();
    put(targets.toSpliced(from, 1).toSpliced(to, 0, target));
    setTold(`${target.upstreamModel || 'The target'} is now number ${to + 1} of ${targets.length}.`);
  }
  function moveByKey(from: number, to: number) {
    refocus.current = targets[from]?.key ?? null;
    move(from, to);
  }
  function onDragOver(event: DragEvent, index: number) {
    if (dragged === null) return;
    event.preventDefault();
    const from = targets.findIndex(({ key }) => key === dragged);
    if (from !== -1 && from !== index) move(from, index);
  }
  const joinAll = (joined: boolean) => put(targets.map((target) => ({ ...target, joined })));

  return (
    <div>
      <div className={classes.head}>
        <b>Targets</b>
        <span>{allJoined ? 'Share the load' : 'Tried from the top'}</span>
        {onAlias !== undefined && (
          <Anchor component="button" type="button" className={classes.aside ?? ''} onClick={onAlias}>
            Make it an alias
          </Anchor>
        )}
      </div>
      <ol className={classes.list} ref={list} aria-label="Targets">
        {targets.map((target, index) => (
          <TargetRow
            key={target.key}
            form={form}
            index={index}
            target={target}
            place={places[index] ?? 0}
            share={shareOf(targets, places, index)}
            last={index === targets.length - 1}
            alone={targets.length === 1}
            providers={providers}
            isDragged={dragged === target.key}
            onDrag={(on) => setDragged(on ? target.key : null)}
            onDragOver={(event) => onDragOver(event, index)}
            onMove={(step) => moveByKey(index, index + step)}
            onJoin={(joined) => put(targets.with(index, { ...target, joined }))}
            onRemove={() => put(targets.toSpliced(index, 1))}
            onPick={onPick}
          />
        ))}
      </ol>
      <div className={classes.actions}>
        <Anchor component="button" type="button" onClick={() => put([...targets, newTarget()])}>
          Add a target
        </Anchor>
        {targets.length > 1 && (
          <Anchor component="button" type="button" onClick={() => joinAll(!allJoined)}>
            {allJoined ? 'Try in order' : 'Share load by weight'}
          </Anchor>
        )}
      </div>
      <span className="visually-hidden" aria-live="polite">
        {told}
      </span>
    </div>
  );
}

/** From 1 on; those that share the load have the same. */
function placesOf(targets: readonly TargetValue[]): number[] {
  let place = 0;
  return targets.map(({ joined }, index) => {
    if (index === 0 || !joined) place += 1;
    return place;
  });
}

/** Of the load of its place; null where it has the place for itself. */
function shareOf(targets: readonly TargetValue[], places: readonly number[], index: number): number | null {
  const sharing = targets.filter((_, other) => places[other] === places[index]);
  if (sharing.length < 2) return null;
  const weightOf = ({ weight }: TargetValue) => Number(weight) || 1;
  const sum = sharing.reduce((total, target) => total + weightOf(target), 0);
  return weightOf(targets[index] as TargetValue) / sum;
}
