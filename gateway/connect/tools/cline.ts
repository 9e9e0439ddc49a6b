import { field, terminal } from '../format.ts';
import { KEY_PLACEHOLDER, presetBase, type Recipe } from '../recipe.ts';

/** https://docs.cline.bot: provider-config/openai-compatible, cline-cli/cli-reference */
export const cline: Recipe = {
  id: 'cline',
  label: 'Cline',
  group: 'editors',
  speaks: 'Speaks OpenAI style here. Set by hand, in its own settings.',
  fields: ['model'],
  seenAs: ['cline'],
  notes: ({ contextWindow, maxOutputTokens }) => [
    {
      tone: 'info',
      text: `Under Model Configuration, Cline asks for the context window (${contextWindow}) and the most output tokens (${maxOutputTokens}): what stands there is what it counts with.`,
    },
  ],
  ways: (place) => [
    {
      id: 'form',
      label: 'In the editor',
      blocks: [
        field('API Provider', 'OpenAI Compatible'),
        field('Base URL', presetBase(place, 'cline')),
        field('API Key', KEY_PLACEHOLDER),
        field('Model ID', place.model),
      ],
    },
    {
      id: 'shell',
      label: 'Cline in a terminal',
      blocks: [
        terminal(
          place,
          'In a terminal',
          {},
          ...['cline', 'auth', '-p', 'openai-compatible', '-k', KEY_PLACEHOLDER, '-m', place.model],
          ...['-b', presetBase(place, 'cline')],
        ),
      ],
    },
  ],
  firstRequest: 'Give Cline a small task.',
};
