import { ActionIcon, Autocomplete, Menu, NumberInput, Select, UnstyledButton } from '@mantine/core';
import { IconGripVertical, IconTrash } from '@tabler/icons-react';
import { type DragEvent, type KeyboardEvent, type RefObject, useRef, useState } from 'react';
import type { Provider } from '../../../gateway/doors/admin/contract.ts';
import { PROVIDER_LOOKS } from '../../components/provider-look.ts';
import { Dot } from '../../components/status.tsx';
import { percent } from '../../format.ts';
import type { TargetValue } from './model-values.ts';
import classes from './target-list.module.css';
import type { ModelFormProps } from './target-list.tsx';
import { useUpstreamModels } from './upstream-models.ts';

interface TargetRowProps extends ModelFormProps {
  index: number;
  target: TargetValue;
  /** From 1 on. */
  place: number;
  /** Of the load of its place; null where it has the place for itself. */
  share: number | null;
  last: boolean;
  alone: boolean;
  providers: readonly Provider[];
  isDragged: boolean;
  onDrag: (on: boolean) => void;
  onDragOver: (event: DragEvent) => void;
  onMove: (step: 1 | -1) => void;
  onJoin: (joined: boolean) => void;
  onRemove: () => void;
  onPick: (upstreamModel: string) => void;
}

/** A list this long is searched, not scrolled. */
const MOST_SHOWN = 60;

/** One target: where, under which name, and its place among the others. */
export function TargetRow(props: TargetRowProps) {
  const { form, index, target, share, providers, isDragged, onDragOver, alone, onRemove } = props;
  const row = useRef<HTMLLIElement>(null);
  const number = index + 1;
  const chosen = providers.find(({ id }) => id === target.providerId);
  return (
    <li
      ref={row}
      className={classes.row}
      data-dragged={isDragged || undefined}
      data-sharing={share !== null || undefined}
      onDragOver={onDragOver}
    >
      <Handle {...props} row={row} />
      <span className={classes.place}>{props.place}</span>
      <Select
        className={classes.provider ?? ''}
        aria-label={`Provider of target ${number}`}
        placeholder="Provider"
        data={providers.map(({ id, name }) => ({ value: id, label: name }))}
        searchable={providers.length > 8}
        leftSection={chosen && <Dot tone={PROVIDER_LOOKS[chosen.state.kind].tone} />}
        renderOption={({ option }) => (
          <ProviderOption provider={providers.find(({ id }) => id === option.value)} />
        )}
        comboboxProps={{ width: 240, position: 'bottom-start' }}
        {...form.getInputProps(`targets.${index}.providerId`)}
        value={target.providerId === '' ? null : target.providerId}
      />
      <UpstreamField {...props} />
      {share !== null && (
        <NumberInput
          className={classes.weight ?? ''}
          aria-label={`Weight of target ${number}`}
          min={1}
          max={1_000}
          allowDecimal={false}
          rightSection={<span className={classes.share}>{percent(share)}</span>}
          rightSectionWidth={38}
          {...form.getInputProps(`targets.${index}.weight`)}
        />
      )}
      {!alone && (
        <ActionIcon
          className={classes.remove ?? ''}
          aria-label={`Remove target ${number}`}
          onClick={onRemove}
        >
          <IconTrash size={16} stroke={1.5} />
        </ActionIcon>
      )}
    </li>
  );
}

function ProviderOption({ provider }: { provider: Provider | undefined }) {
  if (provider === undefined) return null;
  const { tone, word } = PROVIDER_LOOKS[provider.state.kind];
  return (
    <span className={classes.option}>
      <Dot tone={tone} />
      {provider.name}
      {tone !== 'ok' && <span className="muted">{word}</span>}
    </span>
  );
}

function UpstreamField({ form, index, target, onPick }: TargetRowProps) {
  const [wanted, setWanted] = useState(false);
  const { data = [], isFetching } = useUpstreamModels(target.providerId, wanted);
  return (
    <Autocomplete
      className={classes.upstream ?? ''}
      aria-label={`Model of target ${index + 1}`}
      placeholder={isFetching ? 'Asking the provider…' : 'Its name there'}
      data={data.map(({ id }) => id)}
      limit={MOST_SHOWN}
      maxDropdownHeight={260}
      spellCheck={false}
      classNames={{ input: classes.mono ?? '', option: classes.mono ?? '' }}
      comboboxProps={{ width: 320, position: 'bottom-end' }}
      {...form.getInputProps(`targets.${index}.upstreamModel`)}
      onFocus={() => setWanted(true)}
      onOptionSubmit={onPick}
    />
  );
}

/** Drags the row; the keyboard moves it with arrow keys, or by the menu. */
function Handle(props: TargetRowProps & { row: RefObject<HTMLLIElement | null> }) {
  const { index, target, last, row, onDrag, onMove, onJoin } = props;
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    onMove(event.key === 'ArrowUp' ? -1 : 1);
  }
  function onDragStart(event: DragEvent) {
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', target.upstreamModel);
    if (row.current !== null) event.dataTransfer.setDragImage(row.current, 8, 16);
    onDrag(true);
  }
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <UnstyledButton
          className={classes.handle ?? ''}
          aria-label={`Move target ${index + 1}`}
          data-handle={target.key}
          draggable
          onDragStart={onDragStart}
          onDragEnd={() => onDrag(false)}
          onKeyDown={onKeyDown}
        >
          <IconGripVertical size={16} stroke={1.5} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={index === 0} onClick={() => onMove(-1)}>
          Move up
        </Menu.Item>
        <Menu.Item disabled={last} onClick={() => onMove(1)}>
          Move down
        </Menu.Item>
        {index > 0 && (
          <Menu.Item onClick={() => onJoin(!target.joined)}>
            {target.joined ? 'Try after the one above' : 'Share load with the one above'}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
