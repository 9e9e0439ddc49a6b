import { expect, it } from 'vitest';
import { type Block, KEY_PLACEHOLDER, type Place } from '../../gateway/connect/recipe.ts';
import { RECIPES } from '../../gateway/connect/recipes.ts';
import type { HubProtocol } from '../../gateway/protocols/codecs.ts';
import type { Agent } from '../agents/agent.ts';
import { claudeCode } from '../agents/definitions/claude-code.ts';
import { cline } from '../agents/definitions/cline.ts';
import { codex } from '../agents/definitions/codex.ts';
import { continueCli } from '../agents/definitions/continue.ts';
import { copilot } from '../agents/definitions/copilot.ts';
import { droid } from '../agents/definitions/droid.ts';
import { kiloCode } from '../agents/definitions/kilo-code.ts';
import { kimiCode } from '../agents/definitions/kimi-code.ts';
import { opencode } from '../agents/definitions/opencode.ts';
import { pi } from '../agents/definitions/pi.ts';
import { qwenCode } from '../agents/definitions/qwen-code.ts';

const PLACE: Place = {
  ...{ origin: 'http://127.0.0.1:7411', system: 'linux', model: 'the-model', smallModel: 'the-model' },
  ...{ contextWindow: 200_000, maxOutputTokens: 32_000, images: true, offered: [] },
};

/** Recipes and the settings with which the agents are seen working, in the protocol that the recipe chooses. */
const AGENTS: readonly (readonly [id: string, agent: Agent, protocol: HubProtocol])[] = [
  ['claude-code', claudeCode, 'anthropic-messages'],
  ['codex', codex, 'openai-responses'],
  ['opencode', opencode, 'openai-chat'],
  ['kilo-code', kiloCode, 'openai-chat'],
  ['qwen-code', qwenCode, 'openai-chat'],
  ['copilot', copilot, 'openai-chat'],
  ['continue', continueCli, 'openai-chat'],
  ['droid', droid, 'openai-chat'],
  ['kimi', kimiCode, 'openai-chat'],
  ['pi', pi, 'openai-chat'],
  ['cline', cline, 'openai-chat'],
];

function blocksOf(id: string): Block[] {
  return (
    RECIPES.find((recipe) => recipe.id === id)
      ?.ways(PLACE)
      .flatMap(({ blocks }) => blocks) ?? []
  );
}

it.each(AGENTS)('%s is told what its agent is told', (id, agent, protocol) => {
  const door = { base: `${PLACE.origin}/api`, key: KEY_PLACEHOLDER };
  const job = { ...door, protocol, model: PLACE.model, prompt: 'hi', home: '/home/me' };
  const { env = {}, files = {} } = agent.launch(job);
  const blocks = blocksOf(id);
  const said = blocks.map(({ text }) => text).join('\n');

  const pointed = Object.entries(env).filter(
    ([, value]) => value.startsWith(PLACE.origin) || value === door.key,
  );
  for (const [name, value] of pointed) expect(said).toContain(`${name}=${value}`);

  const told = Object.entries(files).map(([path, content]) => [path, textOf(content)] as const);
  for (const [path, content] of told.filter(([, content]) => content.includes(PLACE.origin))) {
    const [url = ''] = /http:[^"]+/.exec(content) ?? [];
    // Cline has a route of its own here, and gets its settings by a command.
    const expected = id === 'cline' ? url.replace('/api/', '/cline/') : url;
    expect(said).toContain(expected);
    if (id !== 'cline') expect(blocks.map(({ title }) => title)).toContain(`~/${path}`);
  }
  expect(pointed.length + told.length).toBeGreaterThan(0);
});

function textOf(content: string | object): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}
