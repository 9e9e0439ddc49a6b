import * as contract from './contract.ts';
import { invalid } from './errors.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers } from './schemas.ts';

export function settingsRoutes(app: AdminApp, parts: AdminParts): void {
  const { settings, models } = parts;

  const current = (): contract.Settings => ({
    defaultModel: settings.get('default_model'),
    retentionDays: settings.get('retention_days'),
    metrics: settings.get('metrics'),
    ...{ port: null, portInUse: null, portFrom: 'default', url: parts.runtime().addresses[0] ?? null },
  });

  app.get(
    '/settings',
    { schema: { summary: 'The settings of the whole gateway', response: answers(contract.Settings) } },
    async () => current(),
  );

  app.patch(
    '/settings',
    {
      schema: {
        summary: 'Changes settings; what is left out stays',
        body: contract.SettingsPatch,
        response: answers(contract.Settings),
      },
    },
    async (request) => {
      const { defaultModel, retentionDays, metrics } = request.body;
      if (defaultModel != null && models.get(defaultModel) === undefined) {
        throw invalid('defaultModel', 'There is no such model. Add it first.');
      }
      const before = current();
      if (defaultModel !== undefined) settings.set('default_model', defaultModel);
      if (retentionDays !== undefined) settings.set('retention_days', retentionDays);
      if (metrics !== undefined) settings.set('metrics', metrics);
      const after = current();
      noteChange(parts, request, { action: 'settings.update', subject: 'settings', before, after });
      return after;
    },
  );
}
