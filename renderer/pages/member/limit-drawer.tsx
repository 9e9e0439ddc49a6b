import { Input, SegmentedControl, Select } from '@mantine/core';
import { z } from 'zod';
import type { Limit, LimitInput, LimitState, Member, Plan } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useKeys, useModels, usePlans } from '../../api/lists.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import { Notice } from '../../components/states.tsx';
import { AmountField, amountError } from '../../people/amount-field.tsx';
import { amountInput, amountWords, type Metric, parseAmount } from '../../people/amounts.ts';
import { KeyDrawer } from '../../people/key-drawer.tsx';
import { isSameCount, limitName, limitSentence, METRICS, WINDOWS } from '../../people/limit-words.ts';
import { possessive } from '../../people/member-words.ts';
import { useMemberLimits } from '../../people/queries.ts';
import { useAct, useRefresh } from '../../people/use-act.ts';
import { LimitStanding } from './limit-standing.tsx';
import { useLiftLimit } from './use-lift-limit.ts';

/** A new limit, or a look at one that holds. */
export type LimitTask = { kind: 'add' } | { kind: 'one'; limit: LimitState };

interface LimitDrawerProps {
  member: Member;
  task: LimitTask;
  onClose: () => void;
}

/** Sets a limit of a member's; a plan's is replaced for this member alone, a key's is the key's. */
export function LimitDrawer({ member, task, onClose }: LimitDrawerProps) {
  const key = useKeys().data?.find(({ id }) => task.kind === 'one' && id === task.limit.keyId);
  if (key !== undefined) return <KeyDrawer listed={key} onClose={onClose} />;
  return <MemberLimitForm member={member} task={task} onClose={onClose} />;
}

/** No model is called so. */
const ALL = '*';

const schema = z
  .object({ metric: z.string(), windowSeconds: z.string(), model: z.string(), amount: z.string() })
  .superRefine(({ amount, metric }, context) => {
    const message = amountError(amount, metric as Metric);
    if (message !== null) context.addIssue({ code: 'custom', path: ['amount'], message });
  });

function MemberLimitForm({ member, task, onClose }: LimitDrawerProps) {
  const given = task.kind === 'one' ? task.limit : null;
  const { data: plans = [] } = usePlans();
  const plan = plans.find(({ id }) => id === member.planId);
  const { data: models = [] } = useModels();
  const { data: holding = [] } = useMemberLimits(member.id);
  const refresh = useRefresh();
  const act = useAct();
  const lift = useLiftLimit(act, member, plan);

  const { form, busy, refusal, submit } = useAdminForm({
    initialValues: {
      metric: (given?.metric ?? 'tokens') as string,
      windowSeconds: String(given?.windowSeconds ?? 86_400),
      model: given?.model ?? ALL,
      amount: given === null ? '' : amountInput(given.amount, given.metric),
    },
    schema,
    send: async (values) => {
      await sendJson('PUT', '/limits', inputOf(values, member.id));
      await refresh();
    },
    onDone: onClose,
  });
  const { values } = form;
  const metric = values.metric as Metric;
  const wanted = { ...countOf(values) };
  const own = holding.find((limit) => limit.scope === 'member' && isSameCount(limit, wanted));
  const isOwn = given?.scope === 'member';

  async function end() {
    if (given !== null && (await lift(given))) onClose();
  }
  return (
    <FormDrawer
      title={titleOf(given, member)}
      onClose={onClose}
      onSubmit={submit}
      submitLabel={given === null ? 'Add limit' : isOwn ? 'Save' : `Set for ${short(member.name)}`}
      busy={busy}
      refusal={refusal ?? act.refusal}
      dirty={form.isDirty()}
      follows="Holds from the next request on."
      {...(isOwn ? { onDelete: () => void end(), deleteLabel: 'Lift…' } : {})}
    >
      {given === null ? (
        <>
          <Choice label="Limit" data={METRICS} {...form.getInputProps('metric')} />
          <Choice label="In any" data={WINDOWS} {...form.getInputProps('windowSeconds')} />
          <Select
            label="For"
            searchable
            data={[{ value: ALL, label: 'All models together' }, ...models.map(({ id }) => id)]}
            {...form.getInputProps('model')}
          />
        </>
      ) : (
        <LimitStanding limit={given} />
      )}
      <AmountField
        label="At most"
        metric={metric}
        autoFocus={given !== null}
        value={values.amount}
        onChange={(amount) => form.setFieldValue('amount', amount)}
        error={form.errors.amount}
      />
      {parseAmount(values.amount, metric) === 0 && (
        <Notice tone="warn">0 lets nothing through: every request it counts is refused.</Notice>
      )}
      <Notice tone="info">
        {replacesWords({ member, plan, wanted, own: given === null ? own : undefined })}
      </Notice>
    </FormDrawer>
  );
}

interface ChoiceProps {
  label: string;
  data: readonly { value: string; label: string }[];
  value?: string;
  onChange?: (value: string) => void;
}

function Choice({ label, data, value = '', onChange }: ChoiceProps) {
  return (
    <Input.Wrapper label={label} labelElement="div">
      <div>
        <SegmentedControl
          aria-label={label}
          data={[...data]}
          value={value}
          {...(onChange === undefined ? {} : { onChange })}
        />
      </div>
    </Input.Wrapper>
  );
}

interface Values extends Record<string, string> {
  metric: string;
  windowSeconds: string;
  model: string;
  amount: string;
}

function countOf({
  metric,
  windowSeconds,
  model,
}: Values): Pick<Limit, 'metric' | 'windowSeconds' | 'model'> {
  return {
    metric: metric as Metric,
    windowSeconds: Number(windowSeconds) as Limit['windowSeconds'],
    model: model === ALL ? null : model,
  };
}

function inputOf(values: Values, memberId: string): LimitInput {
  const amount = parseAmount(values.amount, values.metric as Metric) ?? 0;
  return { scope: 'member', subjectId: memberId, ...countOf(values), amount };
}

function titleOf(given: LimitState | null, member: Member): string {
  if (given === null) return `Add limit for ${member.name}`;
  return given.scope === 'plan'
    ? `${limitName(given)} for ${member.name} alone`
    : `${possessive(member.name)} limit: ${limitName(given)}`;
}

function short(name: string): string {
  return name.length > 16 ? 'this member' : name;
}

interface Replaced {
  member: Member;
  plan: Plan | undefined;
  wanted: Pick<Limit, 'metric' | 'windowSeconds' | 'model'>;
  /** The member's own, where one is added beside it. */
  own: LimitState | undefined;
}

/** What the limit stands in for, and what it stands beside. */
function replacesWords({ member, plan, wanted, own }: Replaced): string {
  if (own !== undefined)
    return `${member.name} has this one already, ${amountWords(own.amount, own.metric)}: the new amount takes its place.`;
  const ofPlan = plan?.limits.find((limit) => isSameCount(limit, wanted));
  if (ofPlan !== undefined && plan !== undefined)
    return `For ${member.name} it replaces what plan ${plan.name} allows: ${limitSentence(ofPlan)}. Other members keep that.`;
  return 'It holds beside the others; the tightest counts.';
}
