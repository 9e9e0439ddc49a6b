import { describe, expect, it } from 'vitest';
import { type Preset, RESERVED_PRESET_IDS } from '../../../gateway/doors/admin/contract.ts';
import { startGateway } from '../../support/gateway.ts';
import { openAdmin } from './admin-app.ts';

const PARAMETERS = {
  temperature: 0.2,
  top_p: 0.9,
  max_tokens: 1_000,
  reasoning_effort: 'low',
  stop: ['END'],
};

/** What the log of changes has of an answer: the rest is told of it alone. */
function noted({ id, label, systemPrompt, defaultModel, parameters }: Preset) {
  return { id, label, systemPrompt, defaultModel, parameters };
}

describe('presets', () => {
  it('are listed with what may be done with them', async () => {
    const { call } = await openAdmin();
    const { body } = await call('GET', '/presets');
    expect(body.data).toHaveLength(4);
    expect(body.data[0]).toEqual({
      ...{
        id: 'claudecode',
        label: 'Claude Code',
        builtIn: true,
        changed: false,
        basePath: '/claudecode/v1',
      },
      ...{ systemPrompt: null, defaultModel: null, parameters: {} },
    });
  });

  it('are added, changed and removed, and each is noted', async () => {
    const { call, backupsAsked } = await openAdmin();
    const before = backupsAsked();
    const added = await call('POST', '/presets', {
      ...{ id: 'our-bot', systemPrompt: 'Be brief.', defaultModel: 'ntl/echo', parameters: PARAMETERS },
    });
    expect(added.status).toBe(201);
    expect(added.body).toEqual({
      ...{ id: 'our-bot', label: 'our-bot', builtIn: false, changed: true, basePath: '/our-bot/v1' },
      ...{ systemPrompt: 'Be brief.', defaultModel: 'ntl/echo', parameters: PARAMETERS },
    });
    const changed = await call('PATCH', '/presets/our-bot', { label: 'Our bot', parameters: { top_p: 0.5 } });
    expect(changed.body).toEqual({ ...added.body, label: 'Our bot', parameters: { top_p: 0.5 } });
    const emptied = await call('PATCH', '/presets/our-bot', { systemPrompt: ' \n', defaultModel: null });
    expect(emptied.body).toMatchObject({ systemPrompt: null, defaultModel: null, label: 'Our bot' });
    expect((await call('DELETE', '/presets/our-bot')).status).toBe(204);
    expect((await call('GET', '/presets')).body.data).toHaveLength(4);
    expect((await call('DELETE', '/presets/our-bot')).status).toBe(404);

    const { data } = (await call('GET', '/changes')).body;
    expect(data.slice(0, 4)).toMatchObject([
      { action: 'preset.delete', subject: 'preset:our-bot', before: noted(emptied.body), after: null },
      { action: 'preset.update', before: noted(changed.body), after: noted(emptied.body) },
      { action: 'preset.update', before: noted(added.body), after: noted(changed.body) },
      { action: 'preset.create', before: null, after: noted(added.body) },
    ]);
    expect(backupsAsked()).toBe(before + 4);
  });

  it('that are built in are put back by removing them', async () => {
    const { call } = await openAdmin();
    const changed = await call('PATCH', '/presets/cline', { label: 'Ours', systemPrompt: 'Be brief.' });
    expect(changed.body).toMatchObject({ builtIn: true, changed: true, label: 'Ours' });
    expect((await call('DELETE', '/presets/cline')).status).toBe(204);
    const { data } = (await call('GET', '/presets')).body;
    expect(data[1]).toMatchObject({ id: 'cline', label: 'Cline', changed: false, systemPrompt: null });
    expect((await call('GET', '/changes')).body.data[0]).toMatchObject({
      ...{
        action: 'preset.reset',
        subject: 'preset:cline',
        before: noted(changed.body),
        after: noted(data[1]),
      },
    });
  });

  it.each([
    ...[
      'api',
      'v1',
      'admin',
      'panel',
      'healthz',
      'metrics',
      'tenant',
      'openapi',
      'pricing',
      'billing',
      'docs',
      'openai',
    ],
    ...['Our', 'our bot', 'our/bot', '..', '-a', 'a-', '', 'ä', '1bot', 'x'.repeat(41), 'models', 'chat'],
  ])('cannot be called %j', async (id) => {
    const { call } = await openAdmin();
    const refused = await call('POST', '/presets', { id });
    expect(refused.status).toBe(400);
    expect(refused.body.error).toMatchObject({ code: 'invalid_request', param: 'id' });
  });

  it('are refused by the field that is wrong', async () => {
    const { call } = await openAdmin();
    const param = async (method: string, path: string, body: unknown) => {
      const { status, body: answer } = await call(method, path, body);
      return [status, answer.error.param];
    };
    expect(await param('POST', '/presets', { id: 'cline' })).toEqual([409, 'id']);
    expect(await param('POST', '/presets', { id: 'bot', defaultModel: 'nothing' })).toEqual([
      400,
      'defaultModel',
    ]);
    expect(await param('PATCH', '/presets/cline', { defaultModel: 'auto' })).toEqual([400, 'defaultModel']);
    const bad = (parameters: unknown) => param('PATCH', '/presets/cline', { parameters });
    expect(await bad({ temperature: 3 })).toEqual([400, 'parameters.temperature']);
    expect(await bad({ max_output_tokens: 3 })).toEqual([400, 'parameters.max_output_tokens']);
    expect(await bad({ reasoning_effort: 'much' })).toEqual([400, 'parameters.reasoning_effort']);
    expect(await bad([])).toEqual([400, 'parameters']);
    expect(await param('PATCH', '/presets/cline', { id: 'bot' })).toEqual([400, 'id']);
    expect((await call('PATCH', '/presets/nothing', {})).status).toBe(404);
    expect((await call('GET', '/presets')).body.data[1].changed).toBe(false);
  });

  it('follow their model to its new name, and lose it with it', async () => {
    const { call, parts } = await openAdmin();
    await call('POST', '/models', { id: 'old', aliasOf: 'ntl/echo' });
    await call('PATCH', '/presets/cline', { defaultModel: 'old' });
    await call('POST', '/presets', { id: 'bot', defaultModel: 'old' });
    await call('PATCH', '/models/old', { id: 'new' });
    expect([parts.presets.get('cline')?.defaultModel, parts.presets.get('bot')?.defaultModel]).toEqual([
      ...['new', 'new'],
    ]);
    await call('DELETE', '/models/new');
    expect(parts.presets.get('bot')?.defaultModel).toBeNull();
  });

  it('take no path that leads elsewhere', async () => {
    await using gateway = await startGateway();
    const routes = gateway.gateway.app.printRoutes({ commonPrefix: false }).split('\n');
    const first = routes.flatMap((line) => /^ {4}[├└]── ([^/\s]+)/.exec(line)?.[1] ?? []);
    expect(first).toContain('healthz');
    const fixed = new Set(first.filter((segment) => !/^[:*]/.test(segment)));
    expect([...fixed].filter((segment) => !RESERVED_PRESET_IDS.includes(segment))).toEqual([]);
  });
});
