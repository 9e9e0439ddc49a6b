import { ECHO_MODEL } from '../catalogue/models.ts';
import type { Facts, Model } from '../doors/admin/contract.ts';
import { type Column, fields, NOTHING, screenColumns, table } from './output.ts';
import { count, price, yesNo } from './units.ts';

/** The last columns are the first to go where the screen is narrow; `ntl models show` tells all. */
const COLUMNS: readonly Column<Model>[] = [
  { title: 'MODEL', of: (model) => model.id },
  { title: 'LEADS TO', of: leadsTo },
  { title: 'SERVED', of: (model) => yesNo(model.bound) },
  { title: 'CONTEXT', of: (model) => tokens(model.effectiveFacts.contextWindow), right: true },
  { title: 'MAX OUT', of: (model) => tokens(model.effectiveFacts.maxOutputTokens), right: true },
  { title: 'MULTIPLIER', of: (model) => `x${model.multiplier}`, right: true },
  { title: 'IN $/M', of: (model) => price(model.price?.input), right: true },
  { title: 'OUT $/M', of: (model) => price(model.price?.output), right: true },
];
const FEWEST_COLUMNS = 5;

/** A table of models, as wide as the screen where that is possible. */
export function modelsText(models: readonly Model[], columns = screenColumns()): string {
  let shown = COLUMNS;
  let text = modelTable(models, shown);
  while (shown.length > FEWEST_COLUMNS && widest(text) > columns) {
    shown = shown.slice(0, -1);
    text = modelTable(models, shown);
  }
  return text;
}

function modelTable(models: readonly Model[], columns: readonly Column<Model>[]): string {
  return table(models, columns, 'There are no models.');
}

function widest(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}

/** All that is known of one model, and what of it the owner said. */
export function modelText(model: Model): string {
  const { effectiveFacts: known, facts } = model;
  const yours = (name: keyof Facts) => (facts[name] === null ? '' : ' (set by you)');
  return fields([
    ['Model', model.id],
    [model.aliasOf === null ? 'Leads to' : 'Stands for', model.aliasOf ?? leadsTo(model)],
    ['Served', yesNo(model.bound)],
    ['Multiplier', `x${model.multiplier}`],
    ['Price', priceText(model)],
    ['Context window', limit(known.contextWindow) + yours('contextWindow')],
    ['Most output', limit(known.maxOutputTokens) + yours('maxOutputTokens')],
    ['Inputs', names(known.inputModalities, 'nothing') + yours('inputModalities')],
    ['Efforts', names(known.efforts, 'none to choose') + yours('efforts')],
    ['Thinking', names(known.thinking, 'does not think') + yours('thinking')],
    ['Temperature', (known.sampling === null ? UNKNOWN : yesNo(known.sampling)) + yours('sampling')],
  ]);
}

const UNKNOWN = 'not known';

function limit(value: number | null): string {
  return value === null ? UNKNOWN : `${value.toLocaleString('en-US')} tokens`;
}

function names(list: readonly string[] | null, empty: string): string {
  if (list === null) return UNKNOWN;
  return list.length === 0 ? empty : list.join(', ');
}

function priceText({ price: own }: Model): string {
  if (own === null) return "the price catalogue's";
  return `${price(own.input)} in, ${price(own.output)} out, per million tokens`;
}

/** 1.05M, 200k, 512. */
function tokens(value: number | null): string {
  if (value === null) return NOTHING;
  if (value >= 1_000_000) return `${Number((value / 1_000_000).toFixed(2))}M`;
  return value >= 1_000 ? `${Number((value / 1_000).toFixed(1))}k` : count(value);
}

function leadsTo({ id, aliasOf, targets, enabled }: Model): string {
  const off = enabled ? '' : ' (off)';
  if (aliasOf !== null) return `= ${aliasOf}${off}`;
  if (targets.length === 0) return `${id === ECHO_MODEL ? 'built in' : 'nothing yet'}${off}`;
  const shown = targets.map(
    (target) => `${target.providerName ?? target.providerId}:${target.upstreamModel}${orderOf(target)}`,
  );
  return `${shown.join(', ')}${off}`;
}

function orderOf({ priority, weight }: Model['targets'][number]): string {
  return `${priority === 0 ? '' : `,priority=${priority}`}${weight === 1 ? '' : `,weight=${weight}`}`;
}
