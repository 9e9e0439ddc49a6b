import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Account } from '../../gateway/doors/people/contract.ts';
import { askOwn } from '../colleague/ask.ts';
import { OWN, type OwnKey } from '../colleague/queries.ts';
import { CopyTextButton } from '../components/copy-button.tsx';
import { wordsOf } from '../components/states.tsx';
import { comingMoment } from '../format.ts';
import classes from './new-key.module.css';

/** Makes a key and shows it this once. */
export function NewKey({ account, onClose }: { account: Account; onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [made, setMade] = useState<(OwnKey & { key: string }) | null>(null);
  const [copied, setCopied] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    try {
      setMade(await askOwn('POST', '/me/api/tenant/keys', { name: name.trim() }));
      await client.invalidateQueries({ queryKey: [OWN, 'keys'] });
    } catch (error) {
      setRefusal(wordsOf(error));
    } finally {
      setBusy(false);
    }
  }
  if (made !== null) {
    return (
      <Modal
        opened
        onClose={onClose}
        title={`Key “${made.name}”`}
        closeOnClickOutside={false}
        closeOnEscape={copied}
        withCloseButton={false}
      >
        <p className="secondary">Copy it now. It is not stored, and nobody can show it again.</p>
        <output className={classes.secret} aria-label="The new key">
          {made.key}
        </output>
        <CopyTextButton text={made.key} filled onCopied={() => setCopied(true)}>
          Copy key
        </CopyTextButton>
        <Group justify="flex-end" mt={16}>
          <Button onClick={onClose}>{copied ? 'Done' : 'Close without copying'}</Button>
        </Group>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title="New key">
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        <TextInput
          label="Name"
          placeholder="laptop"
          description="Where it will be used: a machine, a tool."
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={refusal}
        />
        <p className="secondary">{followsWords(account)}</p>
        <Group justify="flex-end">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={busy} disabled={name.trim() === ''}>
            Make key
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

/** A key does no more than the one that makes it. */
function followsWords({ key }: Account): string {
  const ends = key.expiresAt === null ? '' : ` and ends with it, ${comingMoment(key.expiresAt)}`;
  return `It does what “${key.name}” does${ends}. Your limits count all of your keys together.`;
}
