import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Block, KEY_PLACEHOLDER, type Place, type System } from '../../gateway/connect/recipe.ts';
import { RECIPES } from '../../gateway/connect/recipes.ts';
import { readFile } from './read-block.ts';

const SYSTEMS: readonly System[] = ['linux', 'macos', 'windows'];
/** Model ids may hold nearly anything. */
const NASTY = `a'b"c\`d$e\\f;g&h{i}[j]#k%l—ü`;

function placeOn(system: System, more: Partial<Place> = {}): Place {
  return {
    ...{ origin: 'http://127.0.0.1:7411', system, model: 'gpt', smallModel: 'mini' },
    ...{ contextWindow: 200_000, maxOutputTokens: 32_000, images: true, offered: [], ...more },
  };
}

const blocksOf = (place: Place, id?: string): Block[] =>
  RECIPES.filter((recipe) => id === undefined || recipe.id === id).flatMap((recipe) =>
    recipe.ways(place).flatMap(({ blocks }) => blocks),
  );

it('cover the tools people have', () => {
  const ids = RECIPES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(
    [
      ...[
        'claude-code',
        'codex',
        'opencode',
        'cline',
        'roo-code',
        'kilo-code',
        'continue',
        'qwen-code',
        'copilot',
      ],
      ...['cursor', 'zed', 'aider', 'jetbrains', 'kimi', 'droid', 'pi'],
      ...['curl', 'openai-sdk', 'anthropic-sdk', 'vercel-ai-sdk'],
    ].sort(),
  );
});

describe.each(RECIPES.map((recipe) => [recipe.id, recipe] as const))('%s', (_id, recipe) => {
  it.each(SYSTEMS)('is filled in on %s', async (system) => {
    const place = placeOn(system);
    const ways = recipe.ways(place);
    expect(new Set(ways.map(({ id }) => id)).size).toBe(ways.length);
    for (const { blocks } of ways) {
      const all = blocks.map(({ text }) => text).join('\n');
      expect(all).toContain('gpt');
      expect(all).toContain(KEY_PLACEHOLDER);
      if (recipe.id !== 'cursor') expect(all).toContain(place.origin);
      for (const { title, text } of blocks) {
        expect(text).not.toMatch(/undefined|NaN|\[object/);
        if (system === 'windows') expect(title).not.toMatch(/~\/|Library/);
        else expect(title).not.toMatch(/%[A-Z]+%|\\/);
      }
    }
    const said = JSON.stringify([ways, recipe.notes(place)]);
    if (recipe.fields.includes('smallModel')) expect(said).toContain('mini');
    else expect(said).not.toContain('mini');
  });

  it('writes files that can be read, whatever the model is called', async () => {
    for (const system of SYSTEMS) {
      for (const block of blocksOf(placeOn(system, { model: NASTY, smallModel: NASTY }), recipe.id)) {
        const values = await readFile(block);
        if (values !== undefined) expect(textsIn(values).some((text) => text.includes(NASTY))).toBe(true);
      }
    }
  });

  it('writes lines that a shell takes apart again, whatever the model is called', () => {
    for (const { language, text } of blocksOf(placeOn('linux', { model: NASTY }), recipe.id)) {
      if (language !== 'shell' || !text.includes('model')) continue;
      // The command is printed, a word a line, in place of being run.
      const shown = text.replace(/^(?!export | {2})/m, 'printf "%s\\n" ');
      const env = { PATH: process.env.PATH };
      const { stdout, stderr } = spawnSync('sh', ['-ec', `${shown}\nenv`], { encoding: 'utf8', env });
      expect(stderr).toBe('');
      expect(stdout.includes(NASTY) || stdout.includes(json(NASTY))).toBe(true);
    }
  });
});

const json = (text: string) => JSON.stringify(text).slice(1, -1);

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return [...Object.keys(value), ...Object.values(value).flatMap(textsIn)];
}

describe('on Windows', () => {
  it('variables are set as PowerShell does it', () => {
    const [block] = blocksOf(placeOn('windows', { model: "it's" }), 'aider');
    expect(block).toEqual({
      title: 'In a terminal',
      language: 'powershell',
      text: [
        "$env:OPENAI_API_BASE = 'http://127.0.0.1:7411/api/v1'",
        `$env:OPENAI_API_KEY = '${KEY_PLACEHOLDER}'`,
        "aider --model 'openai/it''s' --weak-model openai/mini",
      ].join('\n'),
    });
  });

  it('a request by hand is PowerShell’s own command with JSON in it', () => {
    const [block] = blocksOf(placeOn('windows', { model: "it's" }), 'curl');
    const body = /-Body '(.*)' \|/.exec(block?.text ?? '')?.[1]?.replaceAll("''", "'");
    expect(JSON.parse(body ?? '')).toMatchObject({ model: "it's" });
    expect(block?.language).toBe('powershell');
  });

  it('files are where Windows has them', () => {
    const titles = blocksOf(placeOn('windows')).map(({ title }) => title);
    expect(titles).toContain('%USERPROFILE%\\.claude\\settings.json');
    expect(titles).toContain('%APPDATA%\\Code\\User\\chatLanguageModels.json');
    expect(titles).toContain('%APPDATA%\\Zed\\settings.json');
  });
});

it('on macOS VS Code’s files are below Library', () => {
  const titles = blocksOf(placeOn('macos')).map(({ title }) => title);
  expect(titles).toContain('~/Library/Application Support/Code/User/chatLanguageModels.json');
  expect(titles).toContain('~/.claude/settings.json');
});

describe('Cursor', () => {
  const cursor = RECIPES.find(({ id }) => id === 'cursor') as (typeof RECIPES)[number];
  const base = (place: Place) =>
    cursor.ways(place)[0]?.blocks.find(({ title }) => title === 'Override OpenAI Base URL')?.text;

  it.each([
    ...['http://127.0.0.1:7411', 'http://localhost:7411', 'http://[::1]:7411', 'http://192.168.1.7:7411'],
    ...['https://10.0.0.4', 'https://172.20.1.1', 'https://desk.local', 'https://desk', 'https://[fd00::1]'],
    'http://ntl.example.net',
  ])('is warned of at %s, and told what is needed', (origin) => {
    const place = placeOn('linux', { origin });
    expect(cursor.notes(place)[0]).toMatchObject({ tone: 'warn' });
    expect(cursor.notes(place)[0]?.text).toContain(new URL(origin).hostname);
    expect(cursor.notes(place)[0]?.text).toContain('public HTTPS address');
    expect(base(place)).toBe('https://YOUR-PUBLIC-ADDRESS/cursor/v1');
    expect(cursor.ways(place)[0]?.blocks[0]?.text).toBe(
      `cloudflared tunnel --url ${origin.includes('[') ? `'${origin}'` : origin}`,
    );
  });

  it.each(['https://ntl.example.net', 'https://172.32.0.1', 'https://8.8.8.8:8443'])(
    'gets %s as its address',
    (origin) => {
      const place = placeOn('linux', { origin });
      expect(cursor.notes(place).map(({ tone }) => tone)).not.toContain('warn');
      expect(base(place)).toBe(`${origin}/cursor/v1`);
      expect(cursor.ways(place)[0]?.blocks.map(({ language }) => language)).not.toContain('shell');
    },
  );
});

it('Claude Code’s families are the newest published of that name, else the model', async () => {
  const [file] = blocksOf(placeOn('linux', { model: 'claude-sonnet-5', offered: [] }), 'claude-code');
  expect((await readFile(file as Block)) as object).toMatchObject({
    env: {
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'claude-sonnet-5',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'claude-sonnet-5',
    },
  });
  const room = { contextWindow: 1, maxOutputTokens: 1, images: true };
  const offered = ['claude-opus-4-9', 'claude-opus-4-10', 'gpt', 'claude-sonnet-4-6'].map((id) => ({
    id,
    ...room,
  }));
  const [other] = blocksOf(placeOn('linux', { offered }), 'claude-code');
  expect((await readFile(other as Block)) as object).toMatchObject({
    env: {
      ANTHROPIC_MODEL: 'gpt',
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'claude-opus-4-10',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'claude-sonnet-4-6',
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'mini',
      CLAUDE_CODE_MAX_CONTEXT_TOKENS: '200000',
    },
  });
});
