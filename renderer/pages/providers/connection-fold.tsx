import {
  ActionIcon,
  Anchor,
  Button,
  FileButton,
  NumberInput,
  SegmentedControl,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { Fold } from '../../components/fold.tsx';
import classes from './provider-fields.module.css';
import type { ProviderFormProps } from './provider-fields.tsx';
import { FOLDED, type ProviderValues } from './provider-values.ts';

type FoldProps = Pick<ProviderFormProps, 'form'>;

/** Priority, headers, proxy and certificate: most providers need none of it. */
export function ConnectionFold({ form }: FoldProps) {
  const [wanted, setWanted] = useState(false);
  const hasError = FOLDED.some((field) => form.errors[field] !== undefined);
  const open = wanted || hasError;
  return (
    <Fold
      title="Priority, headers, proxy, certificate"
      note={noteOf(form.getValues())}
      open={open}
      onToggle={() => setWanted(!open)}
    >
      <NumberInput
        label="Priority"
        description="Added to the place of its targets: lower is tried first. 0 leaves them as each model has them."
        allowDecimal={false}
        min={-1_000}
        max={1_000}
        w={160}
        styles={{ description: { width: 440 } }}
        {...form.getInputProps('priority')}
      />
      <HeadersField form={form} />
      <ProxyField form={form} />
      <CertificateField form={form} />
    </Fold>
  );
}

function noteOf({ priority, headers, proxyKind, ca }: ProviderValues): string {
  const set = [
    Number(priority) === 0 ? '' : `priority ${priority}`,
    headers.length === 0 ? '' : `${headers.length} header${headers.length === 1 ? '' : 's'}`,
    proxyKind === 'system' ? '' : proxyKind === 'none' ? 'no proxy' : 'own proxy',
    ca === '' ? '' : 'own certificate',
  ];
  return set.filter((word) => word !== '').join(', ');
}

function HeadersField({ form }: FoldProps) {
  const { headers } = form.getValues();
  return (
    <div>
      <div className={classes.label}>Headers</div>
      {headers.map((_, index) => (
        <div key={index} className={classes.header}>
          <TextInput
            aria-label={`Name of header ${index + 1}`}
            placeholder="x-team"
            {...form.getInputProps(`headers.${index}.name`)}
          />
          <TextInput
            aria-label={`Value of header ${index + 1}`}
            placeholder="Value"
            {...form.getInputProps(`headers.${index}.value`)}
          />
          <ActionIcon
            aria-label={`Remove header ${index + 1}`}
            onClick={() => form.removeListItem('headers', index)}
          >
            <IconTrash size={16} stroke={1.5} />
          </ActionIcon>
        </div>
      ))}
      <Anchor
        component="button"
        type="button"
        onClick={() => form.insertListItem('headers', { name: '', value: '' })}
      >
        Add a header
      </Anchor>
      <div className={classes.help} data-error={form.errors.headers !== undefined || undefined}>
        {form.errors.headers ?? 'Sent with every call, and stored as plain text: never a credential.'}
      </div>
    </div>
  );
}

function ProxyField({ form }: FoldProps) {
  const { proxyKind } = form.getValues();
  return (
    <div>
      <div className={classes.label}>Proxy</div>
      <SegmentedControl
        aria-label="Proxy"
        data={[
          { value: 'system', label: 'As the system' },
          { value: 'none', label: 'None' },
          { value: 'own', label: 'Its own' },
        ]}
        {...form.getInputProps('proxyKind')}
      />
      {proxyKind === 'own' && (
        <TextInput
          mt={8}
          aria-label="Address of the proxy"
          placeholder="http://proxy.example:3128"
          description="http, https or socks5. A user and a password in it go to the vault."
          classNames={{ input: classes.mono ?? '' }}
          {...form.getInputProps('proxy')}
        />
      )}
    </div>
  );
}

function CertificateField({ form }: FoldProps) {
  return (
    <div className={classes.field}>
      <FileButton accept=".pem,.crt,.cer,.txt" onChange={(file) => void readInto(form, file)}>
        {(props) => (
          <Button size="compact-xs" className={classes.aside ?? ''} {...props}>
            From a file…
          </Button>
        )}
      </FileButton>
      <Textarea
        label="Certificates to trust"
        description="For a service with a certificate of its own: PEM, beside the usual ones."
        placeholder="-----BEGIN CERTIFICATE-----"
        minRows={2}
        maxRows={6}
        classNames={{ input: classes.mono ?? '' }}
        {...form.getInputProps('ca')}
      />
    </div>
  );
}

async function readInto(form: ProviderFormProps['form'], file: File | null): Promise<void> {
  if (file === null) return;
  form.setFieldValue('ca', await file.text());
}
