import { schemaResolver, useForm } from '@mantine/form';
import { useState } from 'react';
import type { ZodType } from 'zod';
import { AdminError } from '../api/admin-api.ts';
import { wordsOf } from './states.tsx';

export interface AdminForm<Values extends Record<string, unknown>> {
  form: ReturnType<typeof useForm<Values>>;
  busy: boolean;
  /** A refusal that belongs to no field. */
  refusal: string | null;
  /** Checks, sends, and shows what the gateway refuses; what was typed stays. */
  submit: () => void;
}

interface AdminFormOptions<Values extends Record<string, unknown>, Answer> {
  initialValues: Values;
  /** Checked when a field is left and before sending; the gateway checks again. */
  schema?: ZodType;
  send: (values: Values) => Promise<Answer>;
  onDone: (answer: Answer) => void;
  /** Where the gateway's name of a field is not the form's. */
  fieldOf?: (param: string) => string | null;
}

/** A form over an admin route: a refusal with `param` shows at that field. */
export function useAdminForm<Values extends Record<string, unknown>, Answer = unknown>(
  options: AdminFormOptions<Values, Answer>,
): AdminForm<Values> {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm<Values>({
    initialValues: options.initialValues,
    validateInputOnBlur: true,
    // Nobody is told to fill in what they only passed by; the words would also move what is being clicked.
    enhanceGetInputProps: ({ form, field, inputProps: { onBlur } }) => ({
      onBlur: () => {
        if (form.isDirty(field)) onBlur?.();
      },
    }),
    ...(options.schema === undefined ? {} : { validate: schemaResolver(options.schema, { sync: true }) }),
  });

  async function send(values: Values): Promise<void> {
    setBusy(true);
    setRefusal(null);
    try {
      options.onDone(await options.send(values));
    } catch (error) {
      const field = fieldOf(error, form.getValues(), options.fieldOf);
      if (field === null) setRefusal(wordsOf(error));
      else form.setFieldError(field, wordsOf(error));
    } finally {
      setBusy(false);
    }
  }

  return { form, busy, refusal, submit: form.onSubmit((values) => void send(values)) as () => void };
}

function fieldOf(
  error: unknown,
  values: Record<string, unknown>,
  map: ((param: string) => string | null) | undefined,
): string | null {
  if (!(error instanceof AdminError) || error.param === null) return null;
  const mapped = map?.(error.param);
  if (mapped !== undefined && mapped !== null) return mapped;
  // `targets[0].providerId` is `targets.0.providerId` in the form.
  const path = error.param.replace(/\[(\d+)\]/g, '.$1');
  const [first = ''] = path.split('.');
  return first in values ? path : null;
}
