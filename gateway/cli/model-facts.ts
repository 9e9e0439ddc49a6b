import { type Command, InvalidArgumentError } from 'commander';
import type { FactsPatch } from '../doors/admin/contract.ts';
import { EFFORTS, THINKING_MODES } from '../protocols/model-facts.ts';
import { list, wholeNumber } from './values.ts';

const INPUTS = ['text', 'image', 'pdf', 'audio', 'video'] as const;

const BACK = '"known" goes back to what is known';

/** Takes an edit back. Not null: commander puts an empty text in its place. */
type OrKnown<Value> = Value | 'known';

export interface FactsOptions {
  contextWindow?: OrKnown<number>;
  maxOutput?: OrKnown<number>;
  modalities?: OrKnown<(typeof INPUTS)[number][]>;
  efforts?: OrKnown<(typeof EFFORTS)[number][]>;
  thinking?: OrKnown<(typeof THINKING_MODES)[number][]>;
  sampling?: OrKnown<boolean>;
}

/** What the owner may say of a model where nobody else knows, or knows better. */
export function withFacts(command: Command): Command {
  return command
    .option('--context-window <tokens>', `input and output together, such as 200k; ${BACK}`, tokens)
    .option('--max-output <tokens>', `most of one answer, such as 64k; ${BACK}`, tokens)
    .option('--modalities <names>', `inputs it takes, of ${INPUTS.join(', ')}; ${BACK}`, names(INPUTS))
    .option(
      '--efforts <names>',
      `of reasoning, of ${EFFORTS.join(', ')}; "nothing" if it takes none; ${BACK}`,
      namesOrNothing(EFFORTS),
    )
    .option(
      '--thinking <modes>',
      `in Anthropic's protocol, of ${THINKING_MODES.join(', ')}; "nothing" if it cannot think; ${BACK}`,
      namesOrNothing(THINKING_MODES),
    )
    .option('--sampling <yes|no>', `whether it takes temperature and the like; ${BACK}`, yesOrNo);
}

/** @returns undefined where nothing was said */
export function factsPatch(options: FactsOptions): FactsPatch | undefined {
  const said = {
    ...patched('contextWindow', options.contextWindow),
    ...patched('maxOutputTokens', options.maxOutput),
    ...patched('inputModalities', options.modalities),
    ...patched('efforts', options.efforts),
    ...patched('thinking', options.thinking),
    ...patched('sampling', options.sampling),
  };
  return Object.keys(said).length === 0 ? undefined : said;
}

function patched<Name extends string, Value>(
  name: Name,
  value: OrKnown<Value> | undefined,
): { [K in Name]?: Value | null } {
  if (value === undefined) return {};
  return { [name]: value === 'known' ? null : value } as { [K in Name]?: Value | null };
}

function tokens(text: string): OrKnown<number> {
  if (text === 'known') return text;
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('Give at least 1, or known.');
  return value;
}

function names<Name extends string>(known: readonly Name[]): (text: string) => OrKnown<Name[]> {
  return (text) => {
    if (text === 'known') return text;
    return list(text).map((name) => {
      const found = known.find((candidate) => candidate === name);
      if (found === undefined)
        throw new InvalidArgumentError(`There is no ${name}; there are ${known.join(', ')}.`);
      return found;
    });
  };
}

function namesOrNothing<Name extends string>(known: readonly Name[]): (text: string) => OrKnown<Name[]> {
  return (text) => (text === 'nothing' ? [] : names(known)(text));
}

function yesOrNo(text: string): OrKnown<boolean> {
  if (text === 'known') return text;
  if (text !== 'yes' && text !== 'no') throw new InvalidArgumentError('Give yes, no or known.');
  return text === 'yes';
}
