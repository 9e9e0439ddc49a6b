/** Values for a JSON schema, as a model would choose them to write one file. */

import { type Body, isObject } from '../support/provider/refusal.ts';
import type { Errand } from './errand.ts';

interface Filling extends Errand {
  /** For a property that takes a language of the tool's own, such as a patch. */
  program: string;
}

/** By the property's name, without case and underscores. */
const KNOWN: readonly [name: RegExp, value: (filling: Filling) => string][] = [
  [/^(file|filename|(absolute|target)?(file)?path)$/, ({ path }) => path],
  [/^(content|contents|text|newtext|filetext|code)$/, ({ content }) => content],
  [/^(patch|patchtext|input)$/, ({ program }) => program],
  [/^(command|cmd|script|commands)$/, commandFor],
  [/^(description|title|summary|reason|explanation)$/, () => 'Write a file'],
];

/** The required members of an object, and those that tell what to do. */
export function fillObject(schema: Body, filling: Filling): Body {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const chosen = Object.entries(properties).filter(([name]) => required.includes(name) || isTold(name));
  return Object.fromEntries(
    chosen.map(([name, inner]) => [name, fill(name, isObject(inner) ? inner : {}, filling)]),
  );
}

function isTold(name: string): boolean {
  return knownValue(name) !== undefined;
}

function knownValue(name: string): ((filling: Filling) => string) | undefined {
  const plain = name.toLowerCase().replaceAll('_', '');
  return KNOWN.find(([pattern]) => pattern.test(plain))?.[1];
}

function fill(name: string, schema: Body, filling: Filling): unknown {
  const type = [schema.type].flat()[0] ?? firstAlternative(schema)?.type;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  if (type === 'object') return fillObject(schema, filling);
  if (type === 'array') return [fill(name, isObject(schema.items) ? schema.items : {}, filling)];
  if (type === 'boolean') return false;
  if (type === 'integer' || type === 'number') return typeof schema.minimum === 'number' ? schema.minimum : 1;
  return knownValue(name)?.(filling) ?? name;
}

function firstAlternative(schema: Body): Body | undefined {
  const [first] = [schema.anyOf, schema.oneOf].flatMap((list) => (Array.isArray(list) ? list : []));
  return isObject(first) ? first : undefined;
}

/** What a tool takes that has a language of its own. */
export function programFor(tool: string, errand: Errand): string {
  return tool === 'exec'
    ? `text(await tools.apply_patch(${JSON.stringify(patchFor(errand))}));`
    : patchFor(errand);
}

/** In the form of Codex's `apply_patch`, which other agents have too. */
function patchFor({ path, content }: Errand): string {
  const lines = content.split('\n').map((line) => `+${line}`);
  return ['*** Begin Patch', `*** Add File: ${path}`, ...lines, '*** End Patch'].join('\n');
}

function commandFor({ path, content }: Errand): string {
  return `printf '%s' '${content.replaceAll("'", String.raw`'\''`)}' > '${path}'`;
}
