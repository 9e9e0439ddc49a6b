import type { ModelFacts } from '../protocols/model-facts.ts';
import type { ModelRoom } from './recipe.ts';

/** For tools that must be told and models of which nobody knows: what most of today's take. */
const USUAL: ModelRoom = { contextWindow: 128_000, maxOutputTokens: 16_384, images: true };

/** What a tool is told of a model. @param facts undefined for a model that is not there */
export function modelRoom(facts: ModelFacts | undefined): ModelRoom {
  const contextWindow = facts?.contextWindow ?? USUAL.contextWindow;
  return {
    contextWindow,
    // A small window must have room for what is asked, too.
    maxOutputTokens: Math.min(facts?.maxOutputTokens ?? USUAL.maxOutputTokens, Math.floor(contextWindow / 2)),
    images: facts?.inputModalities?.includes('image') ?? USUAL.images,
  };
}
