import { SegmentedControl, Select, Switch, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Facts, ListPrice, Model, Provider } from '../../../gateway/doors/admin/contract.ts';
import { CONFIG } from '../../api/query-keys.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import { AliasField } from './alias-field.tsx';
import { FactsFold } from './facts-fold.tsx';
import { ModelSchema } from './model-checks.ts';
import classes from './model-fields.module.css';
import { ModelLimits } from './model-limits.tsx';
import { ECHO } from './model-rows.ts';
import { type ModelValues, modelValues, newModelValues, type TargetValue } from './model-values.ts';
import { MultiplierField } from './multiplier-field.tsx';
import { PriceField } from './price-field.tsx';
import { saveModel } from './save-model.ts';
import { type ModelFormProps, TargetList } from './target-list.tsx';

interface ModelDrawerProps {
  /** Null for a new one. */
  model: Model | null;
  models: readonly Model[];
  providers: readonly Provider[];
  onDelete?: (() => void) | undefined;
  onClose: () => void;
}

/** Adds or edits a name that clients send. */
export function ModelDrawer({ model, models, providers, onDelete, onClose }: ModelDrawerProps) {
  const client = useQueryClient();
  const [before, setBefore] = useState(() =>
    model === null ? newModelValues() : modelValues(model, models, providers),
  );
  const stored = useRef(model);
  const { form, busy, refusal, submit } = useAdminForm<ModelValues, Model>({
    initialValues: before,
    schema: ModelSchema,
    send: async (values) => {
      try {
        return await saveModel(values, {
          ...{ saved: stored.current, before, models, providers },
          onSaved: (saved) => {
            // What comes after may be refused: the model itself is not sent as a new one again.
            stored.current = saved;
            setBefore({ ...values, aliases: before.aliases });
          },
        });
      } finally {
        void client.invalidateQueries({ queryKey: [CONFIG] });
      }
    },
    onDone: onClose,
    fieldOf: (param) => (param.startsWith('targets') ? fieldOfTarget(param) : null),
  });
  const { answeredBy, aliases } = form.getValues();
  const isEcho = model?.id === ECHO;
  const hasTargets = answeredBy === 'providers' && before.answeredBy === 'providers' && model !== null;
  const gone = before.aliases.filter((id) => !aliases.includes(id));
  return (
    <FormDrawer
      title={model === null ? 'Add model' : answeredBy === 'model' ? 'Edit alias' : 'Edit model'}
      onClose={onClose}
      onSubmit={submit}
      submitLabel={model === null ? 'Add model' : 'Save'}
      busy={busy}
      refusal={refusal}
      onDelete={onDelete}
      follows={isEcho ? 'Built in: it can be switched off, not deleted.' : undefined}
      dirty={form.isDirty()}
    >
      <NameField form={form} fixed={isEcho} renamed={model !== null && form.getValues().id !== model.id} />
      {isEcho && (
        <p className={classes.built}>
          Answers on this computer, in every protocol, with what it was sent: for tests of tools and keys.
        </p>
      )}
      {!isEcho && !hasTargets && <AnsweredBy form={form} />}
      {!isEcho && answeredBy === 'model' && (
        <>
          <LeadsTo form={form} self={model?.id ?? ''} models={models} />
          <MultiplierField form={form} ofAlias />
        </>
      )}
      {!isEcho && answeredBy === 'providers' && (
        <>
          <TargetList
            form={form}
            providers={providers}
            onPick={(name) => nameLike(form, model, name)}
            onAlias={hasTargets ? () => form.setFieldValue('answeredBy', 'model') : undefined}
          />
          <PriceField form={form} providers={providers} listed={(target) => listedPrice(model, target)} />
        </>
      )}
      {answeredBy === 'providers' && (
        <>
          <MultiplierField form={form} />
          {!isEcho && (
            <>
              <div>
                <AliasField form={form} models={models} />
                {gone.length > 0 && <p className={classes.help}>{gone.join(', ')} will lead nowhere.</p>}
              </div>
              {model !== null && <ModelLimits model={model.id} />}
              <FactsFold form={form} known={model && knownFacts(model)} />
            </>
          )}
        </>
      )}
    </FormDrawer>
  );
}

function NameField({ form, fixed, renamed }: ModelFormProps & { fixed: boolean; renamed: boolean }) {
  return (
    <div>
      <div className={classes.name}>
        <TextInput
          label="Name clients send"
          placeholder="claude-sonnet"
          data-autofocus
          disabled={fixed}
          spellCheck={false}
          classNames={{ input: classes.mono ?? '' }}
          {...form.getInputProps('id')}
        />
        <Switch
          className={classes.offered ?? ''}
          label="Offered"
          {...form.getInputProps('enabled', { type: 'checkbox' })}
        />
      </div>
      {renamed && (
        <p className={classes.help}>
          Aliases, limits and allow-lists follow the new name. Clients that send the old one are refused.
        </p>
      )}
    </div>
  );
}

function AnsweredBy({ form }: ModelFormProps) {
  return (
    <SegmentedControl
      aria-label="Answered by"
      data={[
        { value: 'providers', label: 'Answered by providers' },
        { value: 'model', label: 'Stands for another model' },
      ]}
      {...form.getInputProps('answeredBy')}
    />
  );
}

function LeadsTo({ form, self, models }: ModelFormProps & { self: string; models: readonly Model[] }) {
  const choices = models.filter(({ id, aliasOf }) => id !== self && aliasOf !== self);
  return (
    <Select
      label="Leads to"
      description="Requests for the alias are answered and limited as that model’s."
      placeholder="Choose a model"
      data={choices.map(({ id }) => id)}
      searchable
      clearable
      classNames={{ input: classes.mono ?? '', option: classes.mono ?? '' }}
      {...form.getInputProps('aliasOf')}
    />
  );
}

/** A new model without a name yet takes the provider's. */
function nameLike(form: ModelFormProps['form'], model: Model | null, upstreamModel: string): void {
  if (model === null && form.getValues().id.trim() === '') form.setFieldValue('id', upstreamModel);
}

/** @returns undefined for a target that is not saved */
function listedPrice(model: Model | null, target: TargetValue): ListPrice | null | undefined {
  return model?.targets.find(
    ({ providerId, upstreamModel }) =>
      providerId === target.providerId && upstreamModel === target.upstreamModel.trim(),
  )?.listPrice;
}

/** Without the owner's word, as far as one can tell. */
function knownFacts({ facts, effectiveFacts }: Model): Facts {
  const entries = Object.entries(effectiveFacts).map(([name, fact]) => [
    name,
    facts[name as keyof Facts] === null ? fact : null,
  ]);
  return Object.fromEntries(entries) as Facts;
}

function fieldOfTarget(param: string): string {
  const path = param.replace(/\[(\d+)\]/g, '.$1');
  return /^targets\.\d+$/.test(path) ? `${path}.upstreamModel` : path;
}
