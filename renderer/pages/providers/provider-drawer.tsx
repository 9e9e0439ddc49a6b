import { Anchor, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import type { Provider, ProviderKindFacts } from '../../../gateway/doors/admin/contract.ts';
import { useModels } from '../../api/lists.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import { Notice } from '../../components/states.tsx';
import { plural } from '../../format.ts';
import { ConnectionFold } from './connection-fold.tsx';
import { ModelChoice, ModelNames } from './model-choice.tsx';
import { ProviderFields } from './provider-fields.tsx';
import type { ProviderValues } from './provider-values.ts';
import { type ProviderForm, useProviderForm } from './use-provider-form.ts';
import { TestAgain, Verdict } from './verdict.tsx';

export interface ProviderDrawerProps {
  title: string;
  kind: ProviderKindFacts;
  initialValues: ProviderValues;
  /** The provider that is edited; left out for a new one. */
  saved?: Provider | undefined;
  /** It needs nothing but to be tried. */
  testAtOnce?: boolean;
  /** Above the fields: how it stands. */
  head?: ReactNode;
  onChangeKind?: () => void;
  onDelete?: () => void;
  onClose: () => void;
  onDone: (provider: Provider) => void;
}

/** Settings of a provider, tried with a real call before they are saved, and the models it lists. */
export function ProviderDrawer(props: ProviderDrawerProps) {
  const { title, kind, initialValues, saved, head, onChangeKind, onDelete, onClose, onDone } = props;
  const providerForm = useProviderForm({ kind, initialValues, saved, onDone });
  const { form, busy, refusal, submit, trial, chosen } = providerForm;
  useTestAtOnce(props.testAtOnce === true, providerForm.runTrial);
  return (
    <FormDrawer
      title={title}
      onClose={onClose}
      onSubmit={submit}
      submitLabel={submitLabel(providerForm, saved)}
      busy={busy || trial.busy}
      refusal={refusal}
      follows={whatFollows(providerForm)}
      onDelete={onDelete}
      dirty={form.isDirty() || chosen.length > 0}
    >
      {head}
      <ProviderFields
        form={form}
        kind={kind}
        saved={saved}
        {...(onChangeKind === undefined ? {} : { onChangeKind })}
      />
      <TrialPart {...providerForm} kind={kind} saved={saved} />
      <Found {...providerForm} />
      <ConnectionFold form={form} />
    </FormDrawer>
  );
}

function useTestAtOnce(wanted: boolean, run: () => unknown): void {
  const done = useRef(false);
  useEffect(() => {
    if (!wanted || done.current) return;
    done.current = true;
    void run();
  });
}

function submitLabel({ trial, connectionChanged }: ProviderForm, saved: Provider | undefined): string {
  const failed = connectionChanged && trial.result?.ok === false;
  if (saved !== undefined) return failed ? 'Save anyway' : 'Save';
  if (trial.result === null) return 'Test';
  return failed ? 'Add anyway' : 'Add provider';
}

/** In a new provider's footer. */
function whatFollows({ trial, chosen, busy }: ProviderForm): string {
  if (busy && chosen.length > 0 && trial.result !== null) return `${plural(chosen.length, 'model')} to go.`;
  if (trial.result === null) return 'One real call shows whether it answers.';
  if (!trial.result.ok) return 'As it is, no model of it would answer.';
  if (chosen.length === 0) return 'No model chosen: nothing is offered yet.';
  return `${plural(chosen.length, 'model')} will be ready to use.`;
}

type PartProps = ProviderForm & { kind: ProviderKindFacts; saved?: Provider | undefined };

function TrialPart({ form, trial, trialError, runTrial, kind, saved }: PartProps) {
  const test = () => void runTrial();
  const { credential, credentialFate } = form.getValues();
  const withKey =
    credentialFate === 'replace'
      ? credential !== ''
      : credentialFate === 'keep' && saved?.hasCredential === true;
  if (trialError !== null)
    return (
      <Notice tone="bad" action={<TestAgain onClick={test} />}>
        {trialError}
      </Notice>
    );
  if (trial.busy)
    return (
      <Notice tone="info">
        <Loader size={12} mr={10} aria-hidden="true" />
        Calling {kind.label}…
      </Notice>
    );
  if (trial.result !== null)
    return (
      <Verdict test={trial.result} kind={kind.id} withKey={withKey} action={<TestAgain onClick={test} />} />
    );
  if (trial.outdated)
    return (
      <Notice tone="info" action={<TestAgain onClick={test} />}>
        Changed since it was tested.
      </Notice>
    );
  if (saved === undefined) return null;
  return (
    <Notice
      tone="info"
      action={
        <Anchor component="button" type="button" onClick={test}>
          Test
        </Anchor>
      }
    >
      A real call shows how it answers, and which models it has.
    </Notice>
  );
}

function Found({ trial, chosen, setChosen, storedId }: ProviderForm) {
  const models = useModels().data ?? [];
  if (trial.result?.ok !== true) return null;
  const { found } = trial.result;
  if (found.length === 0) return <ModelNames chosen={chosen} onChange={setChosen} />;
  return (
    <ModelChoice
      found={found}
      models={new Map(models.map((model) => [model.id, model]))}
      providerId={storedId}
      chosen={chosen}
      onChange={setChosen}
    />
  );
}
