import { type Block, KEY_PLACEHOLDER, openaiBase, type Place, type Recipe } from '../recipe.ts';

/** https://ai-sdk.dev/providers: openai-compatible-providers, ai-sdk-providers/anthropic. Every provider wants /v1. */
export const vercelAiSdk: Recipe = {
  id: 'vercel-ai-sdk',
  label: 'Vercel AI SDK',
  group: 'code',
  speaks: 'Speaks whatever its provider does. Any model here works, from every provider.',
  fields: ['model'],
  seenAs: ['ai-sdk'],
  notes: () => [
    {
      tone: 'info',
      text: 'With @ai-sdk/openai in its place, set store: false among its options: nothing is stored here, so that earlier answers cannot be named by their id.',
    },
  ],
  ways: (place) => [
    { id: 'openai', label: 'OpenAI style', blocks: [openaiCompatible(place)] },
    { id: 'anthropic', label: 'Anthropic style', blocks: [anthropic(place)] },
  ],
  firstRequest: 'Run the program.',
};

function openaiCompatible(place: Place): Block {
  const text = `import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText } from 'ai';

const ntl = createOpenAICompatible({
  name: 'ntl',
  baseURL: ${JSON.stringify(openaiBase(place))},
  apiKey: ${JSON.stringify(KEY_PLACEHOLDER)},
});
const { text } = await generateText({ model: ntl(${JSON.stringify(place.model)}), prompt: 'Say hello.' });
console.log(text);`;
  return { title: 'hello.ts, after npm install ai @ai-sdk/openai-compatible', text, language: 'typescript' };
}

function anthropic(place: Place): Block {
  const text = `import { createAnthropic } from '@ai-sdk/anthropic';
import { generateText } from 'ai';

const ntl = createAnthropic({
  baseURL: ${JSON.stringify(openaiBase(place))},
  apiKey: ${JSON.stringify(KEY_PLACEHOLDER)},
});
const { text } = await generateText({ model: ntl(${JSON.stringify(place.model)}), prompt: 'Say hello.' });
console.log(text);`;
  return { title: 'hello.ts, after npm install ai @ai-sdk/anthropic', text, language: 'typescript' };
}
