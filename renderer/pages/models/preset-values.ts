import { type Preset, PresetParameters } from '../../../gateway/doors/admin/contract.ts';
import type { Typed } from './model-values.ts';

export interface ParameterFields {
  temperature: Typed;
  top_p: Typed;
  max_tokens: Typed;
  reasoning_effort: string | null;
  stop: string[];
}

export interface PresetValues extends Record<string, unknown> {
  id: string;
  label: string;
  systemPrompt: string;
  defaultModel: string | null;
  /** Parameters are edited as fields, or as the JSON in `json`. */
  as: 'fields' | 'json';
  fields: ParameterFields;
  json: string;
}

export function presetValues(preset: Preset | null): PresetValues {
  const parameters = preset?.parameters ?? {};
  return {
    id: preset?.id ?? '',
    label: preset?.label ?? '',
    systemPrompt: preset?.systemPrompt ?? '',
    defaultModel: preset?.defaultModel ?? null,
    as: 'fields',
    fields: fieldsOf(parameters),
    json: textOf(parameters),
  };
}

export function fieldsOf({
  temperature,
  top_p,
  max_tokens,
  reasoning_effort,
  stop,
}: PresetParameters): ParameterFields {
  return {
    temperature: temperature ?? '',
    top_p: top_p ?? '',
    max_tokens: max_tokens ?? '',
    reasoning_effort: reasoning_effort ?? null,
    stop: stop ?? [],
  };
}

export function textOf(parameters: PresetParameters): string {
  return JSON.stringify(parameters, null, 2);
}

/** @returns what was typed, without what was left empty */
export function parametersOf({
  temperature,
  top_p,
  max_tokens,
  reasoning_effort,
  stop,
}: ParameterFields): PresetParameters {
  const typed = {
    ...(temperature === '' ? {} : { temperature: Number(temperature) }),
    ...(top_p === '' ? {} : { top_p: Number(top_p) }),
    ...(max_tokens === '' ? {} : { max_tokens: Number(max_tokens) }),
    ...(reasoning_effort === null ? {} : { reasoning_effort }),
    ...(stop.length === 0 ? {} : { stop }),
  };
  return typed as PresetParameters;
}

/** @returns the parameters, or what is wrong with the text */
export function parsed(json: string): { parameters: PresetParameters } | { wrong: string } {
  let value: unknown;
  try {
    value = json.trim() === '' ? {} : JSON.parse(json);
  } catch {
    return { wrong: 'This is no JSON: write an object such as {"temperature": 0.2}.' };
  }
  const { data, error } = PresetParameters.safeParse(value);
  if (error === undefined) return { parameters: data };
  const [issue] = error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const names = Object.keys(PresetParameters.shape).join(', ');
    return { wrong: `${issue.keys.join(', ')}: there is no such parameter. There are ${names}.` };
  }
  return { wrong: `${issue?.path.join('.') || 'The text'}: ${issue?.message}.` };
}
