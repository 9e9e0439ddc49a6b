import { Input, Radio, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { type CreatedKey, KeyKind, type Member, type NewKey } from '../../gateway/doors/admin/contract.ts';
import { sendJson } from '../api/admin-api.ts';
import { useMembers } from '../api/lists.ts';
import { useAdminForm } from '../components/admin-form.ts';
import { FormDrawer } from '../components/form-drawer.tsx';
import { Notice } from '../components/states.tsx';
import { day as dayWords } from '../format.ts';
import { nameField } from './fields.ts';
import { EXPIRIES, expiryOf, KINDS } from './key-words.ts';
import { MadeKey } from './made-key.tsx';
import classes from './new-key.module.css';
import { useRefresh } from './use-act.ts';

interface NewKeyProps {
  /** Whose it will be; null lets one choose. */
  memberId: string | null;
  onClose: () => void;
}

/** Makes a key and shows it this once. */
export function NewKeyDrawer({ memberId, onClose }: NewKeyProps) {
  const [made, setMade] = useState<CreatedKey | null>(null);
  if (made !== null) return <MadeKey made={made} onClose={onClose} />;
  return <KeyForm memberId={memberId} onClose={onClose} onMade={setMade} />;
}

const schema = z.object({
  memberId: z.string().min(1, 'Whose key is it?'),
  name: nameField,
  kind: KeyKind,
  expiry: z.string(),
  day: z.string(),
});

function KeyForm({ memberId, onClose, onMade }: NewKeyProps & { onMade: (made: CreatedKey) => void }) {
  const { data: members = [] } = useMembers();
  const refresh = useRefresh();
  const owner = members.find((member) => member.owner)?.id ?? '';
  const { form, busy, refusal, submit } = useAdminForm({
    initialValues: {
      memberId: memberId ?? owner,
      name: '',
      kind: 'standard' as NewKey['kind'] & string,
      expiry: 'never',
      day: '',
    },
    schema,
    send: ({ expiry, day, ...facts }) => {
      const expiresAt = expiry === 'day' && day === '' ? null : expiryOf(expiry, day);
      return sendJson<CreatedKey>('POST', '/keys', { ...facts, expiresAt } satisfies NewKey);
    },
    onDone: (made) => {
      void refresh();
      onMade(made);
    },
    fieldOf: (param) => (param === 'expiresAt' ? 'day' : null),
  });
  const { values } = form;
  const member = members.find(({ id }) => id === values.memberId);
  const expiresAt = values.expiry === 'day' && values.day === '' ? null : expiryOf(values.expiry, values.day);

  function send() {
    if (values.expiry === 'day' && values.day === '') form.setFieldError('day', 'Which day is missing.');
    else submit();
  }
  return (
    <FormDrawer
      title="New key"
      onClose={onClose}
      onSubmit={send}
      submitLabel="Make key"
      busy={busy}
      refusal={refusal}
      dirty={form.isDirty()}
      follows="It is shown once, right after."
    >
      <Select
        label="Member"
        searchable
        data={members.map(({ id, name }) => ({ value: id, label: name }))}
        {...form.getInputProps('memberId')}
      />
      <TextInput
        label="Name"
        placeholder="laptop"
        description="Where it will be used: a machine, a tool."
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Radio.Group label="Kind" {...form.getInputProps('kind')}>
        <div className={classes.kinds}>
          {KINDS.map(({ value, label, why }) => (
            <Radio key={value} value={value} label={label} description={why} size="xs" />
          ))}
        </div>
      </Radio.Group>
      <Input.Wrapper label="Expires" labelElement="div">
        <div>
          <SegmentedControl
            aria-label="Expires"
            data={EXPIRIES.map(({ value, label }) => ({ value, label }))}
            {...form.getInputProps('expiry')}
          />
        </div>
        {values.expiry === 'day' ? (
          <TextInput
            type="date"
            aria-label="Last day"
            mt={8}
            styles={{ wrapper: { width: 180 } }}
            min={new Date().toISOString().slice(0, 10)}
            description="It works until the end of that day."
            {...form.getInputProps('day')}
          />
        ) : (
          <p className={classes.help}>
            {expiresAt === null
              ? 'Works until it is revoked.'
              : `On ${dayWords(new Date(expiresAt))}. Requests after that get 401 key_expired.`}
          </p>
        )}
      </Input.Wrapper>
      <Remark member={member} kind={values.kind} />
    </FormDrawer>
  );
}

/** What would keep the key from working. */
function Remark({ member, kind }: { member: Member | undefined; kind: string }) {
  if (member === undefined) return null;
  if (member.status !== 'active') {
    const why = { pending: 'still asks to join', suspended: 'is suspended', disabled: 'is disabled' };
    return (
      <Notice tone="warn">
        {member.name} {why[member.status]}: the key is refused until that changes.
      </Notice>
    );
  }
  const { tokens, micros } = member.balance;
  const paysFromBalance = kind === 'pay_per_token' || (member.prepaid && kind === 'standard');
  if (!paysFromBalance || tokens > 0 || micros > 0) return null;
  return (
    <Notice tone="warn">{member.name} has no balance: such a key is refused until you grant some.</Notice>
  );
}
