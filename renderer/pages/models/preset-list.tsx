import { Anchor, Menu } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Preset, PresetParameters } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useModels, useSettings, useStatus } from '../../api/lists.ts';
import { useFilters } from '../../api/use-filters.ts';
import { useSend } from '../../api/use-send.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Dismissed } from '../../components/dismissed.tsx';
import { Panel } from '../../components/panel.tsx';
import { RowMenu } from '../../components/row-menu.tsx';
import { Notice, wordsOf } from '../../components/states.tsx';
import { Tag } from '../../components/tile.tsx';
import { whole } from '../../format.ts';
import { PresetDrawer } from './preset-drawer.tsx';
import classes from './preset-list.module.css';
import { usePresets } from './use-presets.ts';

/** The tools' routes; `?preset=cline` opens one, `?preset=new` a new one. */
export function PresetList() {
  const presets = usePresets();
  const models = useModels().data ?? [];
  const settings = useSettings().data;
  const origin = useStatus().data?.addresses[0] ?? '';
  const filters = useFilters();
  const [refusal, setRefusal] = useState<string | null>(null);
  const close = () => filters.set({ preset: null });
  const takeAway = useTakeAway(setRefusal, close);
  const openId = filters.get('preset');
  const opened = presets.data?.find(({ id }) => id === openId);
  return (
    <div className={classes.list}>
      {refusal !== null && (
        <Notice tone="bad" action={<Dismissed onClick={() => setRefusal(null)} />}>
          {refusal}
        </Notice>
      )}
      <Panel flush>
        <DataTable
          label="Tool routes"
          columns={columnsOf(origin)}
          rows={presets.data}
          rowKey={({ id }) => id}
          rowHeight={40}
          onOpen={({ id }) => filters.set({ preset: id })}
          isOpen={({ id }) => id === openId}
          error={presets.error}
          onRetry={() => void presets.refetch()}
          empty={null}
          menu={(preset) => (
            <RowMenu label={preset.label}>
              <Menu.Item onClick={() => filters.set({ preset: preset.id })}>Edit</Menu.Item>
              {preset.changed && (
                <>
                  <Menu.Divider />
                  <Menu.Item color="red" onClick={() => void takeAway(preset)}>
                    {preset.builtIn ? 'Reset…' : 'Delete…'}
                  </Menu.Item>
                </>
              )}
            </RowMenu>
          )}
        />
      </Panel>
      <p className={classes.foot}>
        A route changes nothing of a request until you set something. <code>auto</code> stands for{' '}
        {settings?.defaultModel == null ? 'nothing yet' : <code>{settings.defaultModel}</code>} where a route
        has no default of its own.{' '}
        <Anchor component={Link} href="/models/auto" underline="always">
          {settings?.defaultModel == null ? 'Choose a model' : 'Change'}
        </Anchor>
      </p>
      {openId === 'new' && (
        <PresetDrawer preset={null} models={models} origin={origin} defaultModel={null} onClose={close} />
      )}
      {opened !== undefined && (
        <PresetDrawer
          key={opened.id}
          preset={opened}
          models={models}
          origin={origin}
          defaultModel={settings?.defaultModel ?? null}
          onTakeAway={opened.changed ? () => void takeAway(opened) : undefined}
          onClose={close}
        />
      )}
    </div>
  );
}

function columnsOf(origin: string): Column<Preset>[] {
  return [
    {
      id: 'label',
      header: 'Tool',
      cell: ({ label, builtIn, changed }) => (
        <span className={classes.name}>
          {label}
          {!builtIn && <Tag>yours</Tag>}
          {builtIn && changed && <Tag>changed</Tag>}
        </span>
      ),
    },
    {
      id: 'address',
      header: 'Address',
      cell: ({ label, basePath }) => (
        <span className={classes.address}>
          <code>{origin + basePath}</code>
          <CopyButton text={origin + basePath} label={`the address for ${label}`} />
        </span>
      ),
    },
    {
      id: 'model',
      header: 'auto stands for',
      cell: ({ defaultModel }) =>
        defaultModel === null ? <span className="muted">the default</span> : <code>{defaultModel}</code>,
    },
    {
      ...{ id: 'prompt', header: 'System prompt', from: 1040 },
      cell: ({ systemPrompt }) =>
        systemPrompt === null ? (
          <span className="muted">none</span>
        ) : (
          <span className={classes.prompt}>{systemPrompt}</span>
        ),
    },
    {
      ...{ id: 'parameters', header: 'Parameters', from: 1040 },
      cell: ({ parameters }) => parametersInWords(parameters) ?? <span className="muted">none</span>,
    },
  ];
}

function parametersInWords(parameters: PresetParameters): string | null {
  const { temperature, top_p, max_tokens, reasoning_effort, stop } = parameters;
  const words = [
    temperature === undefined ? '' : `temperature ${temperature}`,
    top_p === undefined ? '' : `top p ${top_p}`,
    max_tokens === undefined ? '' : `${whole(max_tokens)} tokens`,
    reasoning_effort === undefined ? '' : `effort ${reasoning_effort}`,
    stop === undefined ? '' : `${stop.length} stops`,
  ].filter((word) => word !== '');
  return words.length === 0 ? null : words.join(', ');
}

/** @returns asks, then resets a built-in route or deletes one of the owner's */
function useTakeAway(onRefused: (words: string | null) => void, onDone: () => void) {
  const confirm = useConfirm();
  const { mutate } = useSend(({ id }: Preset) => sendJson('DELETE', `/presets/${id}`));
  return async (preset: Preset) => {
    const { label, basePath, builtIn } = preset;
    const yes = await confirm({
      title: builtIn ? `Reset ${label}?` : `Delete ${label}?`,
      message: builtIn
        ? 'Prompt, default model and parameters go; requests on the route pass as they are.'
        : `Requests to ${basePath} are refused from then on.`,
      action: builtIn ? 'Reset' : 'Delete',
      destructive: true,
    });
    if (!yes) return;
    mutate(preset, {
      onSuccess: () => {
        onRefused(null);
        onDone();
      },
      onError: (error) => onRefused(wordsOf(error)),
    });
  };
}
