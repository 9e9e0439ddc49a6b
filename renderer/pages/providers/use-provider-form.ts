import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { z } from 'zod';
import type { Provider, ProviderKindFacts, ProviderTrial } from '../../../gateway/doors/admin/contract.ts';
import { AdminError, sendJson } from '../../api/admin-api.ts';
import { useModels, useProviders } from '../../api/lists.ts';
import { CONFIG, STATUS } from '../../api/query-keys.ts';
import { type AdminForm, useAdminForm } from '../../components/admin-form.ts';
import { wordsOf } from '../../components/states.tsx';
import { connectionOf, fieldOfParam, type ProviderValues, settingsOf } from './provider-values.ts';
import { offerOf, publish } from './publish.ts';
import { LOCAL_RUNTIMES } from './queries.ts';
import { type Trial, useTrial } from './use-trial.ts';

interface ProviderFormOptions {
  kind: ProviderKindFacts;
  initialValues: ProviderValues;
  /** The provider that is edited; left out for a new one. */
  saved?: Provider | undefined;
  onDone: (provider: Provider) => void;
}

export interface ProviderForm extends AdminForm<ProviderValues> {
  trial: Trial;
  /** What kept the settings from being tried at all. */
  trialError: string | null;
  runTrial: () => Promise<ProviderTrial | null>;
  /** What decides whether it answers is not as it was saved. */
  connectionChanged: boolean;
  /** Models to publish. */
  chosen: string[];
  setChosen: (ids: string[]) => void;
  /** Null for a provider that is not stored yet. */
  storedId: string | null;
}

/** How often it is told how many are still to be published. */
const PROGRESS_MS = 250;

/** A list this short is offered whole. */
const ALL_UP_TO = 8;

const Schema = z.looseObject({
  name: z.string().trim().min(1, 'Give it a name: it stands in lists and in messages.'),
  priority: z.union([z.number(), z.literal('').transform(() => 0)]),
});

/** Adds or edits a provider: nothing is saved that was not tried, and what it lists can be published with it. */
export function useProviderForm({ kind, initialValues, saved, onDone }: ProviderFormOptions): ProviderForm {
  const client = useQueryClient();
  const models = useModels().data ?? [];
  const providers = useProviders().data ?? [];
  const [trialError, setTrialError] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string[]>([]);
  /** A new provider whose models could not all be published is not added twice. */
  const stored = useRef(saved);

  const adminForm = useAdminForm<ProviderValues, Provider | null>({
    initialValues,
    schema: Schema,
    fieldOf: fieldOfParam,
    send,
    onDone: (provider) => {
      if (provider !== null) onDone(provider);
    },
  });
  const { form } = adminForm;
  const connection = connectionOf(form.getValues());
  const connectionChanged =
    saved === undefined || JSON.stringify(connection) !== JSON.stringify(connectionOf(initialValues));
  const trial = useTrial({ kind: kind.id, ...connection, ...(saved && { id: saved.id }) });

  /** @returns null for settings that could not be saved either; the field says why */
  async function runTrial(): Promise<ProviderTrial | null> {
    setTrialError(null);
    try {
      const result = await trial.run();
      setChosen(saved === undefined ? firstChoice(result) : []);
      return result;
    } catch (error) {
      const field = error instanceof AdminError ? fieldOf(error.param) : null;
      if (field === null) setTrialError(wordsOf(error));
      else form.setFieldError(field, wordsOf(error));
      return null;
    }
  }

  function firstChoice({ found }: ProviderTrial): string[] {
    const known = new Map(models.map((model) => [model.id, model]));
    const free = found.filter(({ id }) => offerOf(id, known, null).kind === 'new').map(({ id }) => id);
    return kind.local || free.length <= ALL_UP_TO ? free : [];
  }

  /** The trial told nothing of what is saved now: how that stands is known once it was called itself. */
  async function testSaved({ id }: Provider): Promise<void> {
    await sendJson('POST', `/providers/${id}/test`).catch(() => undefined);
    await client.invalidateQueries({ queryKey: [CONFIG] });
  }

  /** @returns null where it stays open: what the test told comes first */
  async function send(values: ProviderValues): Promise<Provider | null> {
    if (connectionChanged && trial.result === null) {
      const result = await runTrial();
      if (saved === undefined || result === null || !result.ok) return null;
    }
    const settings = settingsOf(values);
    const provider =
      stored.current === undefined
        ? await sendJson<Provider>('POST', '/providers', { kind: kind.id, ...settings })
        : await sendJson<Provider>('PATCH', `/providers/${stored.current.id}`, settings);
    stored.current = provider;
    if (connectionChanged) void testSaved(provider);
    const done = new Set<string>();
    const tell = () => setChosen(chosen.filter((id) => !done.has(id)));
    const telling = setInterval(tell, PROGRESS_MS);
    try {
      await publish(provider, chosen, { models, providers }, (id) => done.add(id));
    } finally {
      clearInterval(telling);
      tell();
      await Promise.all(
        [CONFIG, STATUS, LOCAL_RUNTIMES].map((key) => client.invalidateQueries({ queryKey: [key] })),
      );
    }
    return provider;
  }

  return {
    ...{ ...adminForm, trial, trialError, runTrial, connectionChanged, chosen, setChosen },
    storedId: stored.current?.id ?? null,
  };
}

function fieldOf(param: string | null): string | null {
  if (param === null) return null;
  return fieldOfParam(param) ?? (['baseUrl', 'credential', 'proxy', 'ca'].includes(param) ? param : null);
}
