import { Anchor, TextInput } from '@mantine/core';
import type { Provider, ProviderKindFacts } from '../../../gateway/doors/admin/contract.ts';
import type { AdminForm } from '../../components/admin-form.ts';
import { KIND_LETTERS } from '../../components/provider-look.ts';
import { Tile } from '../../components/tile.tsx';
import { CredentialField } from './credential-field.tsx';
import classes from './provider-fields.module.css';
import type { ProviderValues } from './provider-values.ts';

export interface ProviderFormProps {
  form: AdminForm<ProviderValues>['form'];
  kind: ProviderKindFacts;
  /** The provider that is edited; left out for a new one. */
  saved?: Provider | undefined;
  onChangeKind?: () => void;
}

/** What every provider has. */
export function ProviderFields({ form, kind, saved, onChangeKind }: ProviderFormProps) {
  return (
    <>
      <div className={classes.kind}>
        <Tile name={kind.label} letters={KIND_LETTERS[kind.id]} size={32} />
        <span className={classes.kindWords}>
          <b>{kind.label}</b>
          <span className={classes.speaks}>{speaksOf(kind)}</span>
        </span>
        {onChangeKind !== undefined && (
          <Anchor component="button" type="button" onClick={onChangeKind}>
            Change
          </Anchor>
        )}
      </div>
      <TextInput
        label="Name"
        data-autofocus={form.getValues().credentialFate !== 'replace' || saved === undefined || undefined}
        {...form.getInputProps('name')}
      />
      <TextInput
        label="Base URL"
        placeholder={kind.exampleUrl ?? kind.baseUrl ?? 'https://api.example.com/v1'}
        {...(kind.exampleUrl === null ? {} : { description: `Looks like ${kind.exampleUrl}` })}
        inputMode="url"
        spellCheck={false}
        classNames={{ input: classes.mono ?? '', description: classes.break ?? '' }}
        {...form.getInputProps('baseUrl')}
      />
      <CredentialField form={form} kind={kind} saved={saved} />
    </>
  );
}

/** Which styles of requests reach it unchanged; the others are translated. */
export function speaksOf({ speaks, local }: ProviderKindFacts): string {
  const where = local ? ', on a machine of yours' : '';
  if (speaks.includes('own')) return `Speaks a style of its own: requests are translated${where}`;
  if (speaks.length === 2) return `Speaks OpenAI and Anthropic style${where}`;
  return `Speaks ${speaks[0] === 'anthropic' ? 'Anthropic' : 'OpenAI'} style${where}`;
}
