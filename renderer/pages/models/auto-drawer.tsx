import { Select } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { Model } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { CONFIG } from '../../api/query-keys.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import classes from './model-fields.module.css';
import { usePresets } from './use-presets.ts';

interface AutoDrawerProps {
  models: readonly Model[];
  defaultModel: string | null;
  onClose: () => void;
}

/** What `auto` stands for where a tool's route says nothing else. */
export function AutoDrawer({ models, defaultModel, onClose }: AutoDrawerProps) {
  const client = useQueryClient();
  const others = usePresets().data?.filter((preset) => preset.defaultModel !== null) ?? [];
  const { form, busy, refusal, submit } = useAdminForm<{ defaultModel: string | null }>({
    initialValues: { defaultModel },
    send: (values) => sendJson('PATCH', '/settings', values),
    onDone: async () => {
      await client.invalidateQueries({ queryKey: [CONFIG] });
      onClose();
    },
  });
  return (
    <FormDrawer
      title="Default model"
      onClose={onClose}
      onSubmit={submit}
      submitLabel="Save"
      busy={busy}
      refusal={refusal}
      follows="Holds from the next request on."
      dirty={form.isDirty()}
    >
      <p className={classes.built}>
        Clients that send <code>auto</code> leave the choice of the model to you.
      </p>
      <Select
        label="auto stands for"
        placeholder="No model yet: auto is refused"
        data={models.map(({ id }) => id)}
        searchable
        clearable
        data-autofocus
        classNames={{ input: classes.mono ?? '', option: classes.mono ?? '' }}
        {...form.getInputProps('defaultModel')}
      />
      {others.length > 0 && (
        <section aria-label="Tool routes with a default of their own">
          <div className={classes.head}>
            <b>Otherwise on these routes</b>
          </div>
          <ul className={classes.limits}>
            {others.map((preset) => (
              <li key={preset.id}>
                <span>{preset.label}</span>
                <code>{preset.defaultModel}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
    </FormDrawer>
  );
}
