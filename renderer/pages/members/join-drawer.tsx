import { Input, SegmentedControl, Select, TextInput } from '@mantine/core';
import { z } from 'zod';
import {
  type JoinApproval,
  type JoinRequest,
  KeyKind,
  type Member,
} from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import { comingMoment, day as dayWords, moment } from '../../format.ts';
import { parseAmount } from '../../people/amounts.ts';
import { Facts } from '../../people/facts.tsx';
import { nameField } from '../../people/fields.ts';
import { EXPIRIES, expiryOf, KINDS } from '../../people/key-words.ts';
import { type LimitDraft, useLimitDrafts } from '../../people/limit-drafts.ts';
import { LimitsEditor } from '../../people/limits-editor.tsx';
import { ModelChoice } from '../../people/model-choice.tsx';
import { PlanSelect } from '../../people/plan-select.tsx';
import { useRefresh } from '../../people/use-act.ts';

interface JoinDrawerProps {
  member: Member;
  request: JoinRequest;
  onClose: () => void;
}

const schema = z.object({
  name: nameField,
  planId: z.string(),
  allowedModels: z.array(z.string()).nullable(),
  kind: KeyKind,
  expiry: z.string(),
  day: z.string(),
});

/** Lets somebody in who asked by the page, on what terms. The key is made when it is fetched. */
export function JoinDrawer({ member, request, onClose }: JoinDrawerProps) {
  const refresh = useRefresh();
  const limits = useLimitDrafts([]);
  const { form, busy, refusal, submit } = useAdminForm({
    initialValues: {
      ...{ name: member.name, planId: member.planId, allowedModels: member.allowedModels },
      ...{ kind: 'standard' as z.infer<typeof KeyKind>, expiry: 'never', day: '' },
    },
    schema,
    send: async ({ name, planId, allowedModels, kind, expiry, day }) => {
      const approval: JoinApproval = {
        ...{ name, planId, allowedModels, limits: limits.drafts.map(limitOf) },
        key: { kind, expiresAt: expiryOf(expiry, day) },
      };
      await sendJson('POST', `/join-requests/${request.id}/approve`, approval);
      await refresh();
    },
    onDone: onClose,
    fieldOf: (param) => (param === 'key.expiresAt' ? 'day' : null),
  });
  const { values } = form;

  function send() {
    if (values.expiry === 'day' && values.day === '') form.setFieldError('day', 'Which day is missing.');
    else if (limits.check()) submit();
  }
  return (
    <FormDrawer
      title={`Approve ${member.name}`}
      onClose={onClose}
      onSubmit={send}
      submitLabel="Approve"
      busy={busy}
      refusal={refusal}
      dirty={form.isDirty() || limits.dirty}
      follows="The key is made when it is fetched, within an hour, by the browser that asked."
    >
      <Facts
        facts={[
          ['For', request.purpose ?? 'not said'],
          ['Email', request.email ?? 'not given'],
          ['From', <code key="from">{request.address}</code>],
          ['Asked', `${moment(request.createdAt)}, lapses ${comingMoment(request.until)}`],
        ]}
      />
      <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
      <PlanSelect {...form.getInputProps('planId')} />
      <LimitsEditor limits={limits} none="None of its own: the plan’s hold." />
      <ModelChoice
        label="May use"
        value={values.allowedModels}
        onChange={(models) => form.setFieldValue('allowedModels', models)}
      />
      <Select
        label="Kind of key"
        data={KINDS.map(({ value, label }) => ({ value, label }))}
        description={KINDS.find(({ value }) => value === values.kind)?.why ?? ''}
        {...form.getInputProps('kind')}
      />
      <Input.Wrapper label="The key expires" labelElement="div">
        <div>
          <SegmentedControl
            aria-label="The key expires"
            data={EXPIRIES.map(({ value, label }) => ({ value, label }))}
            {...form.getInputProps('expiry')}
          />
        </div>
        {values.expiry === 'day' && (
          <TextInput
            type="date"
            aria-label="Last day"
            mt={8}
            styles={{ wrapper: { width: 180 } }}
            min={new Date().toISOString().slice(0, 10)}
            description="It works until the end of that day."
            {...form.getInputProps('day')}
          />
        )}
        {values.expiry !== 'day' && values.expiry !== 'never' && (
          <Input.Description mt={4}>
            On {dayWords(new Date(expiryOf(values.expiry, '') ?? ''))}.
          </Input.Description>
        )}
      </Input.Wrapper>
    </FormDrawer>
  );
}

function limitOf({ metric, windowSeconds, model, amount }: LimitDraft) {
  return { metric, windowSeconds, model, amount: parseAmount(amount, metric) ?? 0 };
}
