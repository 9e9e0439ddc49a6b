import type { Model } from '../../../gateway/doors/admin/contract.ts';
import type { KeyChoice } from './key-choice.ts';

/** Whether a key's member may use a model, and whether that can be served, in words. */
export interface Allowance {
  ok: boolean;
  title: string;
  line: string;
  /** Where that is changed. */
  fix: { label: string; href: string } | null;
}

type Listed = Pick<Model, 'id' | 'aliasOf' | 'enabled' | 'bound'> & {
  targets: readonly Pick<Model['targets'][number], 'providerName' | 'priority'>[];
};

/** As the gateway decides it when a request comes. @param auto what `auto` stands for; null for nothing */
export function allowance(
  model: string,
  choice: KeyChoice,
  models: readonly Listed[],
  auto: string | null,
): Allowance {
  const refused = refusedKey(choice);
  if (refused !== null) return refused;
  const chain = chainOf(model, models, auto);
  const served = chain.at(-1);
  if (served === undefined) return no('There is no such model', `${model} is not here.`, 'Models', '/models');
  const { member } = choice;
  const name = member === null || member.owner ? 'you' : member.name;
  const allowed = member?.allowedModels ?? null;
  if (allowed !== null && !ids(model, chain).some((id) => allowed.includes(id)))
    return no(
      `${name} may not use ${model}`,
      'It is on no allow-list of theirs.',
      'Change that',
      `/members/${member?.id}`,
    );
  if (!served.bound || chain.some(({ enabled }) => !enabled)) {
    const why = served.enabled ? 'No provider serves it yet.' : 'It is switched off.';
    return no(`${model} cannot be served`, why, 'Look', `/models/${encodeURIComponent(served.id)}`);
  }
  const onlyEchoes = served.targets.length === 0;
  return {
    ok: true,
    title: `Model is allowed for ${name}`,
    line: onlyEchoes ? `${model} answers here, and only echoes.` : servedBy(model, served),
    fix: onlyEchoes ? { label: 'Publish another', href: '/models/add' } : null,
  };
}

function refusedKey({ kind, member, ...choice }: KeyChoice): Allowance | null {
  if (member !== null && member.status !== 'active') {
    const title = `${member.name} is ${member.status === 'pending' ? 'not approved yet' : member.status}`;
    return no(title, 'Requests with this key are refused.', 'Change that', `/members/${member.id}`);
  }
  if (kind === 'existing' && 'key' in choice && choice.key.kind === 'subscription')
    return {
      ...no('A subscription key works on tool routes alone', 'Choose another key for these lines.', '', ''),
      fix: null,
    };
  return null;
}

function no(title: string, line: string, label: string, href: string): Allowance {
  return { ok: false, title, line, fix: { label, href } };
}

/** The model that was asked for and what it stands for, down to the one with targets. */
function chainOf(model: string, models: readonly Listed[], auto: string | null): Listed[] {
  const chain: Listed[] = [];
  let wanted = models.some(({ id }) => id === model) || model !== 'auto' ? model : auto;
  while (wanted !== null) {
    const found = models.find(({ id }) => id === wanted);
    if (found === undefined || chain.includes(found)) break;
    chain.push(found);
    wanted = found.aliasOf;
  }
  return chain;
}

function ids(model: string, chain: readonly Listed[]): string[] {
  return [model, ...chain.map(({ id }) => id)];
}

function servedBy(model: string, { id, targets }: Listed): string {
  const [first] = targets.toSorted((a, b) => a.priority - b.priority);
  const on = first === undefined ? 'answers here' : `on ${first.providerName ?? 'a provider'}`;
  return id === model ? `${model} ${on}` : `${model} stands for ${id}, ${on}`;
}
