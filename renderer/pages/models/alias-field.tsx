import { TagsInput } from '@mantine/core';
import type { Model } from '../../../gateway/doors/admin/contract.ts';
import classes from './model-fields.module.css';
import type { ModelFormProps } from './target-list.tsx';

/** Other names that lead to this model. */
export function AliasField({ form, models }: ModelFormProps & { models: readonly Model[] }) {
  const free = models.filter(
    ({ targets, aliasOf, id }) => targets.length === 0 && aliasOf === null && id.includes('/'),
  );
  return (
    <TagsInput
      label={
        <span className={classes.head}>
          <b>Aliases</b>
          <span>Other names that lead here</span>
        </span>
      }
      aria-label="Aliases"
      placeholder={form.getValues().aliases.length === 0 ? 'None. Write a name, then press Enter' : ''}
      data={free.map(({ id }) => id).filter((id) => id !== 'ntl/echo')}
      acceptValueOnBlur
      classNames={{ input: classes.tags ?? '' }}
      {...form.getInputProps('aliases')}
    />
  );
}
