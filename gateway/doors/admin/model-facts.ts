import { EFFORTS, type ModelFacts, THINKING_MODES, UNKNOWN_FACTS } from '../../protocols/model-facts.ts';
import type { Facts, FactsPatch } from './contract.ts';
import { MODALITIES } from './contract.ts';
import { given } from './values.ts';

/** The owner's word after a change: what was left out stays, null takes a word back. Lists lose what is in them twice. */
export function editedFacts(before: ModelFacts, patch: FactsPatch | null | undefined): ModelFacts {
  if (patch === undefined) return before;
  if (patch === null) return UNKNOWN_FACTS;
  const { inputModalities, efforts, thinking, ...others } = patch;
  return {
    ...before,
    ...given(others),
    ...given({
      inputModalities: inputModalities && MODALITIES.filter((name) => inputModalities.includes(name)),
      efforts: efforts && EFFORTS.filter((name) => efforts.includes(name)),
      thinking: thinking && THINKING_MODES.filter((name) => thinking.includes(name)),
    }),
  };
}

/** Facts as answers have them. */
export function factsShape({ inputModalities, efforts, thinking, ...others }: ModelFacts): Facts {
  return {
    ...others,
    inputModalities: inputModalities && [...inputModalities],
    efforts: efforts && [...efforts],
    thinking: thinking && [...thinking],
  };
}
