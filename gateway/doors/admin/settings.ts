import type { GatewayError } from '../../errors.ts';
import { DEFAULT_PORT, ListenError } from '../../listening.ts';
import * as contract from './contract.ts';
import { conflict, invalid } from './errors.ts';
import { settingsOf } from './keys.ts';
import { checkOllama, keepOllama, ollamaKeyFor, ollamaSettings } from './ollama-settings.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { checkRanges } from './ranges.ts';
import { answers } from './schemas.ts';

export function settingsRoutes(app: AdminApp, parts: AdminParts): void {
  const { settings, models, system } = parts;

  const current = (): contract.Settings => {
    const address = system.listening.address;
    const port = settings.get('port');
    return {
      defaultModel: settings.get('default_model'),
      retentionDays: settings.get('retention_days'),
      metrics: settings.get('metrics'),
      trustedProxies: [...settings.get('trusted_proxies')],
      trustedProxyHeader: settings.get('trusted_header'),
      joining: settings.get('joining'),
      ...ollamaSettings(parts),
      port,
      portInUse: address?.port ?? null,
      portFrom: address?.from ?? sourceOf(port),
      url: address?.url ?? null,
    };
  };

  function keep({
    defaultModel,
    retentionDays,
    metrics,
    joining,
    port,
    ...others
  }: contract.SettingsPatch): void {
    if (defaultModel !== undefined) settings.set('default_model', defaultModel);
    if (retentionDays !== undefined) settings.set('retention_days', retentionDays);
    if (metrics !== undefined) settings.set('metrics', metrics);
    if (joining !== undefined) settings.set('joining', joining);
    if (port !== undefined) settings.set('port', port);
    const { trustedProxies, trustedProxyHeader } = others;
    if (trustedProxies !== undefined) settings.set('trusted_proxies', trustedProxies);
    if (trustedProxyHeader !== undefined) settings.set('trusted_header', trustedProxyHeader);
    keepOllama(parts, others);
  }

  /** Listens where the owner wants it and keeps the rest, or leaves everything as it was. */
  async function apply(patch: contract.SettingsPatch): Promise<void> {
    const { port } = patch;
    // Whoever sends all settings back sends a null that was there before: that is no wish to move.
    if (port === undefined || (port === null && settings.get('port') === null)) return keep(patch);
    try {
      await system.listening.move(port ?? DEFAULT_PORT, sourceOf(port), () => keep(patch));
    } catch (error) {
      throw error instanceof ListenError ? refusedPort(error) : error;
    }
    system.onMoved();
  }

  app.get(
    '/settings',
    { schema: { summary: 'The settings of the whole gateway', response: answers(contract.Settings) } },
    async () => current(),
  );

  app.patch(
    '/settings',
    {
      schema: {
        summary: 'Changes settings; what is left out stays. After a new port, go on at the url of the answer',
        body: contract.SettingsPatch,
        response: answers(contract.Settings),
      },
    },
    async (request) => {
      const { defaultModel } = request.body;
      if (defaultModel != null && models.get(defaultModel) === undefined) {
        throw invalid('defaultModel', 'There is no such model. Add it first.');
      }
      checkRanges('trustedProxies', request.body.trustedProxies ?? []);
      checkOllama(parts, request.body);
      const before = current();
      const made = ollamaKeyFor(parts, request.body);
      await apply(made === null ? request.body : { ...request.body, ollamaKeyId: String(made.id) });
      await system.ollamaPort.follow();
      if (made !== null)
        noteChange(parts, request, {
          ...{ action: 'key.create', subject: `key:${made.id}`, after: settingsOf(made) },
        });
      const after = current();
      noteChange(parts, request, { action: 'settings.update', subject: 'settings', before, after });
      return after;
    },
  );
}

function sourceOf(port: number | null): 'setting' | 'default' {
  return port === null ? 'default' : 'setting';
}

function refusedPort({ code, fact }: ListenError): GatewayError {
  const message = `${fact} Choose another port; the gateway still answers at the old one.`;
  return code === 'EADDRINUSE' ? conflict(message, 'port') : invalid('port', message);
}
