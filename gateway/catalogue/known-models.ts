import type { ModelFacts } from '../protocols/model-facts.ts';
import { ANTHROPIC } from './known-models/anthropic.ts';
import { GOOGLE } from './known-models/google.ts';
import { OPENAI } from './known-models/openai.ts';
import { OTHERS } from './known-models/others.ts';

/** What is shipped, the longest name first. */
const KNOWN: readonly { name: string; facts: Partial<ModelFacts> }[] = [
  ...ANTHROPIC,
  ...OPENAI,
  ...GOOGLE,
  ...OTHERS,
]
  .flatMap(({ names, facts }) => names.map((name) => ({ name, facts })))
  .sort((a, b) => b.name.length - a.name.length);

/**
 * What may stand behind a name without making another model of it: dates (`-20250805`, `-2024-08-06`, `@20250805`),
 * `-latest`, `-preview-09-2025`, Bedrock's `-v1:0`, OpenRouter's `:free`. `-mini` or `-audio` is another model.
 */
const SAME_MODEL =
  /^(?:[-@:](?:latest|preview(?:-\d{2}-\d{2,4})?|exp|beta|free|nitro|floor|thinking|v\d+|\d{4}-\d{2}-\d{2}|\d{3,8}))*(?:(?:-\d+)?:\d+)?$/;

/**
 * The shipped facts of a model.
 * @param name as any provider writes it: with a vendor or a path before it (`anthropic/…`, `models/…`,
 *   `us.anthropic.…`), with `.` or `-` in its version, with a date behind it
 */
export function knownModel(name: string): Partial<ModelFacts> | undefined {
  const plain = plainName(name);
  return KNOWN.find(
    (known) => plain.startsWith(known.name) && SAME_MODEL.test(plain.slice(known.name.length)),
  )?.facts;
}

function plainName(name: string): string {
  const last = name.toLowerCase().split('/').at(-1) ?? '';
  return last.replace(/^(?:[a-z-]+\.)+(?=[a-z])/, '').replace(/(?<=\d)\.(?=\d)/g, '-');
}
