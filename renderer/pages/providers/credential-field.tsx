import { Anchor, Button, PasswordInput } from '@mantine/core';
import type { ProviderKindFacts, Status } from '../../../gateway/doors/admin/contract.ts';
import { useStatus } from '../../api/lists.ts';
import classes from './provider-fields.module.css';
import type { ProviderFormProps } from './provider-fields.tsx';

/** Where a credential goes, in words. */
const VAULTS: Readonly<Record<Status['vault']['kind'], string>> = {
  keychain: 'Goes to the keychain of this computer.',
  'file-passphrase': 'Goes to the encrypted file, under your passphrase.',
  'file-key': 'Goes to the encrypted file in the data folder.',
};

const STORED: Readonly<Record<Status['vault']['kind'], string>> = {
  keychain: 'In the keychain',
  'file-passphrase': 'In the encrypted file',
  'file-key': 'In the encrypted file',
};

/** Some services want something else than a key, and take it here too. */
const NAMES: Partial<Record<ProviderKindFacts['id'], readonly [label: string, help: string]>> = {
  bedrock: ['Bedrock API key or access key', 'A pair is written as ACCESS_KEY_ID:SECRET_ACCESS_KEY. '],
  vertex: ['Key file or API key', 'The whole text of a service account’s key file. '],
};

type CredentialFieldProps = Pick<ProviderFormProps, 'form' | 'kind' | 'saved'>;

/** A credential goes in and never comes out again. */
export function CredentialField({ form, kind, saved }: CredentialFieldProps) {
  const vault = useStatus().data?.vault.kind ?? 'keychain';
  const { credentialFate } = form.getValues();
  const [label, help] = NAMES[kind.id] ?? ['API key', ''];
  if (saved !== undefined && credentialFate !== 'replace')
    return (
      <StoredCredential
        label={label}
        words={wordsOfStored(saved.hasCredential, credentialFate, STORED[vault])}
        hasOne={saved.hasCredential === true}
        removed={credentialFate === 'remove'}
        onFate={(fate) => form.setFieldValue('credentialFate', fate)}
      />
    );
  const optional = kind.credential === 'optional' ? 'Only where the service asks for one. ' : '';
  return (
    <div className={classes.field}>
      {kind.helpUrl !== null && kind.credential === 'required' && (
        <Anchor href={kind.helpUrl} target="_blank" rel="noreferrer" className={classes.aside ?? ''}>
          Get one
        </Anchor>
      )}
      <PasswordInput
        label={label}
        description={`${help}${optional}${VAULTS[vault]} After saving nobody can read it here.`}
        autoComplete="off"
        spellCheck={false}
        data-autofocus={saved !== undefined || undefined}
        visibilityToggleButtonProps={{ 'aria-label': 'Show what was typed' }}
        {...form.getInputProps('credential')}
      />
      {saved?.hasCredential === true && (
        <Anchor
          component="button"
          type="button"
          fz={12}
          onClick={() => {
            form.setFieldValue('credential', '');
            form.setFieldValue('credentialFate', 'keep');
          }}
        >
          Keep the stored one
        </Anchor>
      )}
    </div>
  );
}

function wordsOfStored(has: boolean | null, fate: 'keep' | 'remove', stored: string): string {
  if (fate === 'remove') return 'Is removed when you save.';
  if (has === null) return 'The vault is out of reach: nobody can say whether one is stored.';
  return has ? `${stored}. Nobody can read it here.` : 'None is stored.';
}

interface StoredCredentialProps {
  label: string;
  words: string;
  hasOne: boolean;
  removed: boolean;
  onFate: (fate: 'keep' | 'replace' | 'remove') => void;
}

function StoredCredential({ label, words, hasOne, removed, onFate }: StoredCredentialProps) {
  return (
    <div>
      <div className={classes.label}>{label}</div>
      <div className={classes.stored}>
        <span>{words}</span>
        {removed && (
          <Button size="compact-sm" onClick={() => onFate('keep')}>
            Keep it
          </Button>
        )}
        {!removed && hasOne && (
          <Button size="compact-sm" onClick={() => onFate('remove')}>
            Remove
          </Button>
        )}
        {!removed && (
          <Button size="compact-sm" onClick={() => onFate('replace')}>
            {hasOne ? 'Replace' : 'Add'}
          </Button>
        )}
      </div>
    </div>
  );
}
