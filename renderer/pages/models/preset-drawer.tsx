import { NumberInput, SegmentedControl, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import {
  type Model,
  type Preset,
  PresetId,
  PresetParameters,
} from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { CONFIG } from '../../api/query-keys.ts';
import { type AdminForm, useAdminForm } from '../../components/admin-form.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { FormDrawer } from '../../components/form-drawer.tsx';
import fieldClasses from './model-fields.module.css';
import classes from './preset-list.module.css';
import { fieldsOf, type PresetValues, parametersOf, parsed, presetValues, textOf } from './preset-values.ts';

interface PresetDrawerProps {
  /** Null for a new one. */
  preset: Preset | null;
  models: readonly Model[];
  /** Where the gateway answers, such as `http://127.0.0.1:7411`. */
  origin: string;
  /** What `auto` stands for elsewhere. */
  defaultModel: string | null;
  /** Resets a built-in route, or deletes one of the owner's. */
  onTakeAway?: (() => void) | undefined;
  onClose: () => void;
}

const EFFORTS = PresetParameters.shape.reasoning_effort.unwrap().options;

const Schema = z.looseObject({
  label: z.string().trim().min(1, 'Give it a name.').max(200),
  fields: z.looseObject({
    temperature: z.union([z.literal(''), z.number().min(0, 'From 0 to 2.').max(2, 'From 0 to 2.')]),
    top_p: z.union([z.literal(''), z.number().min(0, 'From 0 to 1.').max(1, 'From 0 to 1.')]),
    max_tokens: z.union([z.literal(''), z.int('A whole number.').min(1, 'At least 1.')]),
    stop: z.array(z.string()).max(4, 'Four at most.'),
  }),
});
const NewSchema = Schema.extend({ id: PresetId });

/** What requests on one tool's route get. */
export function PresetDrawer(props: PresetDrawerProps) {
  const { preset, models, origin, defaultModel, onTakeAway, onClose } = props;
  const client = useQueryClient();
  const { form, busy, refusal, submit } = useAdminForm<PresetValues>({
    initialValues: presetValues(preset),
    schema: preset === null ? NewSchema : Schema,
    send: (values) => save(preset, values),
    onDone: () => {
      void client.invalidateQueries({ queryKey: [CONFIG] });
      onClose();
    },
    fieldOf: (param) => (param.startsWith('parameters') ? 'json' : null),
  });
  const { id, as, json } = form.getValues();

  function submitChecked() {
    const result = as === 'json' ? parsed(json) : null;
    if (result !== null && 'wrong' in result) form.setFieldError('json', result.wrong);
    else submit();
  }
  return (
    <FormDrawer
      title={preset === null ? 'Add tool route' : preset.label}
      onClose={onClose}
      onSubmit={submitChecked}
      submitLabel={preset === null ? 'Add route' : 'Save'}
      busy={busy}
      refusal={refusal}
      onDelete={onTakeAway}
      deleteLabel={preset?.builtIn === true ? 'Reset…' : 'Delete…'}
      follows={preset === null ? 'It answers at once.' : 'Untouched: requests pass as they are.'}
      dirty={form.isDirty()}
    >
      <TextInput label="Name" data-autofocus {...form.getInputProps('label')} />
      {preset === null && (
        <TextInput
          label="Word in its address"
          description="Small letters, digits and dashes. It cannot be changed later."
          placeholder="my-tool"
          spellCheck={false}
          classNames={{ input: classes.mono ?? '' }}
          {...form.getInputProps('id')}
        />
      )}
      {id !== '' && <Addresses origin={origin} path={`/${id}`} />}
      <Select
        label="auto stands for"
        placeholder={defaultModel === null ? 'The default model' : `The default model, ${defaultModel}`}
        description="For requests that leave the model to you."
        data={models.map((model) => model.id)}
        searchable
        clearable
        classNames={{ input: classes.mono ?? '', option: classes.mono ?? '' }}
        {...form.getInputProps('defaultModel')}
      />
      <Textarea
        label="System prompt"
        description="Placed before the one of the request. Every request on this route pays for its tokens."
        placeholder="None"
        minRows={3}
        maxRows={12}
        {...form.getInputProps('systemPrompt')}
      />
      <Parameters form={form} />
    </FormDrawer>
  );
}

async function save(preset: Preset | null, values: PresetValues): Promise<unknown> {
  const result = values.as === 'json' ? parsed(values.json) : null;
  const body = {
    label: values.label.trim(),
    systemPrompt: values.systemPrompt.trim() === '' ? null : values.systemPrompt,
    defaultModel: values.defaultModel,
    parameters: result !== null && 'parameters' in result ? result.parameters : parametersOf(values.fields),
  };
  if (preset === null) return sendJson('POST', '/presets', { id: values.id, ...body });
  return sendJson('PATCH', `/presets/${preset.id}`, body);
}

/** Tools differ in what they add to a base URL. */
function Addresses({ origin, path }: { origin: string; path: string }) {
  const lines = [
    ['OpenAI style', `${origin}${path}/v1`],
    ['Anthropic style', `${origin}${path}`],
  ] as const;
  return (
    <div>
      <div className={fieldClasses.head}>
        <b>Base URL</b>
        <span>For the tool’s settings</span>
      </div>
      <div className={classes.addresses}>
        {lines.map(([style, url]) => (
          <div key={style} className={classes.addressRow}>
            <span className="muted">{style}</span>
            <code>{url}</code>
            <CopyButton text={url} label={`base URL, ${style}`} />
          </div>
        ))}
      </div>
    </div>
  );
}

function Parameters({ form }: { form: AdminForm<PresetValues>['form'] }) {
  const { as, fields, json } = form.getValues();
  function show(wanted: string) {
    if (wanted === 'json') {
      form.setFieldValue('json', textOf(parametersOf(fields)));
      form.setFieldValue('as', 'json');
      return;
    }
    const result = parsed(json);
    if ('wrong' in result) {
      form.setFieldError('json', result.wrong);
      return;
    }
    form.setFieldValue('fields', fieldsOf(result.parameters));
    form.setFieldValue('as', 'fields');
  }
  return (
    <section aria-label="Parameters">
      <div className={fieldClasses.head}>
        <b>Parameters</b>
        <span>For what a request does not say itself</span>
        <SegmentedControl
          className={fieldClasses.aside ?? ''}
          aria-label="Parameters as"
          data={[
            { value: 'fields', label: 'Fields' },
            { value: 'json', label: 'JSON' },
          ]}
          value={as}
          onChange={show}
        />
      </div>
      {as === 'json' ? (
        <Textarea
          aria-label="Parameters as JSON"
          minRows={5}
          maxRows={16}
          spellCheck={false}
          classNames={{ input: classes.mono ?? '' }}
          {...form.getInputProps('json')}
        />
      ) : (
        <ParameterInputs form={form} />
      )}
    </section>
  );
}

function ParameterInputs({ form }: { form: AdminForm<PresetValues>['form'] }) {
  return (
    <div className={classes.fields}>
      <div className={classes.pair}>
        <NumberInput
          label="Temperature"
          placeholder="The request’s"
          min={0}
          max={2}
          step={0.1}
          {...form.getInputProps('fields.temperature')}
        />
        <NumberInput
          label="Top p"
          placeholder="The request’s"
          min={0}
          max={1}
          step={0.05}
          {...form.getInputProps('fields.top_p')}
        />
        <NumberInput
          label="Longest answer, tokens"
          placeholder="The request’s"
          min={1}
          allowDecimal={false}
          {...form.getInputProps('fields.max_tokens')}
        />
        <Select
          label="Effort of reasoning"
          placeholder="The request’s"
          data={[...EFFORTS]}
          clearable
          {...form.getInputProps('fields.reasoning_effort')}
        />
      </div>
      <TagsInput
        label="Stops"
        description="Texts that end the answer, four at most."
        placeholder={form.getValues().fields.stop.length === 0 ? 'None. Write one, then press Enter' : ''}
        acceptValueOnBlur
        {...form.getInputProps('fields.stop')}
      />
    </div>
  );
}
