import { anthropicBase, type Block, KEY_PLACEHOLDER, type Place, type Recipe } from '../recipe.ts';

/** https://github.com/anthropics/anthropic-sdk-python, https://github.com/anthropics/anthropic-sdk-typescript */
export const anthropicSdk: Recipe = {
  id: 'anthropic-sdk',
  label: 'Anthropic SDK',
  group: 'code',
  speaks: 'Speaks Anthropic Messages. Any model here works, from every provider.',
  fields: ['model'],
  seenAs: ['anthropic-sdk'],
  notes: () => [
    {
      tone: 'info',
      text: 'Both SDKs read ANTHROPIC_BASE_URL and ANTHROPIC_API_KEY too, and then need no arguments.',
    },
  ],
  ways: (place) => [
    { id: 'python', label: 'Python', blocks: [python(place)] },
    { id: 'typescript', label: 'TypeScript', blocks: [typescript(place)] },
  ],
  firstRequest: 'Run the program.',
};

function python(place: Place): Block {
  const text = `from anthropic import Anthropic

client = Anthropic(
    base_url=${JSON.stringify(anthropicBase(place))},
    api_key=${JSON.stringify(KEY_PLACEHOLDER)},
)
message = client.messages.create(
    model=${JSON.stringify(place.model)},
    max_tokens=1024,
    messages=[{"role": "user", "content": "Say hello."}],
)
print("".join(block.text for block in message.content if block.type == "text"))`;
  return { title: 'hello.py, after pip install anthropic', text, language: 'python' };
}

function typescript(place: Place): Block {
  const text = `import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({
  baseURL: ${JSON.stringify(anthropicBase(place))},
  apiKey: ${JSON.stringify(KEY_PLACEHOLDER)},
});
const message = await client.messages.create({
  model: ${JSON.stringify(place.model)},
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Say hello.' }],
});
console.log(message.content.map((block) => (block.type === 'text' ? block.text : '')).join(''));`;
  return { title: 'hello.ts, after npm install @anthropic-ai/sdk', text, language: 'typescript' };
}
