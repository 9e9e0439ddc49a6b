import type { FastifyInstance } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { LedgerAudit } from '../../audit/ledger-audit.ts';
import { GatewayError } from '../../errors.ts';
import { errorEnvelope } from '../error-envelope.ts';
import { readJsonBodies } from '../json-body.ts';
import { alertWebhookRoutes } from './alert-webhook.ts';
import { alertRoutes } from './alerts.ts';
import { billingRoutes } from './billing.ts';
import { changeRoutes } from './changes.ts';
import { connectRoutes } from './connect.ts';
import { connectFindingRoutes } from './connect-findings.ts';
import { connectReachRoutes } from './connect-reach.ts';
import { connectSetupRoutes } from './connect-setup.ts';
import { desktopRoutes } from './desktop.ts';
import { diagnosticsRoutes } from './diagnostics.ts';
import { toGatewayError, validatorCompiler } from './errors.ts';
import { eventRoutes } from './events.ts';
import { firstKeyRoutes } from './first-key.ts';
import { grantRoutes } from './grants.ts';
import { createGuard } from './guard.ts';
import { importRoutes } from './imports.ts';
import { ipBlockRoutes } from './ip-blocks.ts';
import { joinRequestRoutes } from './join-requests.ts';
import { keyRoutes } from './keys.ts';
import { limitStateRoutes } from './limit-states.ts';
import { limitRoutes } from './limits.ts';
import { localRuntimeRoutes } from './local-runtimes.ts';
import { logRoutes } from './logs.ts';
import { sendLongListsInPieces } from './long-lists.ts';
import { memberRoutes } from './members.ts';
import { modelRoutes } from './models.ts';
import { collectOpenApi, openApiRoute } from './openapi.ts';
import { overviewRoutes } from './overview.ts';
import { ownerAccessRoutes } from './owner-access.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { pauseRoutes } from './pause.ts';
import { planRoutes } from './plans.ts';
import { playgroundRoutes } from './playground.ts';
import { presetRoutes } from './presets.ts';
import { providerUsageRoutes } from './provider-usage.ts';
import { providerRoutes } from './providers.ts';
import { quotaRoutes } from './quotas.ts';
import { requestRoutes } from './requests.ts';
import { panelSessionRoutes, sessionRoutes } from './session.ts';
import { settingsRoutes } from './settings.ts';
import { sharingRoutes } from './sharing.ts';
import { statusRoutes } from './status.ts';
import { storageRoutes } from './storage.ts';
import { tunnelRoutes } from './tunnel.ts';
import { usageRoutes } from './usage.ts';

const ROUTES = [
  ...[overviewRoutes, limitStateRoutes, providerUsageRoutes, localRuntimeRoutes, importRoutes],
  ...[
    presetRoutes,
    playgroundRoutes,
    connectRoutes,
    connectReachRoutes,
    connectSetupRoutes,
    connectFindingRoutes,
  ],
  ...[providerRoutes, modelRoutes, memberRoutes, keyRoutes, planRoutes, limitRoutes, ipBlockRoutes],
  ...[
    requestRoutes,
    usageRoutes,
    alertRoutes,
    alertWebhookRoutes,
    tunnelRoutes,
    changeRoutes,
    settingsRoutes,
    sessionRoutes,
  ],
  ...[panelSessionRoutes, pauseRoutes, firstKeyRoutes, storageRoutes, desktopRoutes],
  ...[logRoutes, diagnosticsRoutes, billingRoutes, quotaRoutes, sharingRoutes, joinRequestRoutes],
  ownerAccessRoutes,
];

/** The admin API, all of it under `/admin/api`. @returns its OpenAPI description, to be asked for once all is ready */
export async function registerAdmin(app: FastifyInstance, parts: AdminParts): Promise<() => object> {
  let description = (): object => ({});
  const ledger = new LedgerAudit(parts.store.db, () => parts.clock.wall());
  await app.register(
    async (plain) => {
      const admin = plain.withTypeProvider<ZodTypeProvider>();
      guardAndShape(admin, parts);
      await collectOpenApi(admin, parts.version);
      sendLongListsInPieces(admin);
      for (const register of ROUTES) register(admin, parts);
      eventRoutes(admin, parts);
      grantRoutes(admin, parts, ledger);
      statusRoutes(admin, parts, ledger);
      openApiRoute(admin);
      description = () => admin.swagger();
    },
    { prefix: '/admin/api' },
  );
  return description;
}

function guardAndShape(admin: AdminApp, parts: AdminParts): void {
  const guard = createGuard(parts);
  admin.addHook('onRequest', async (request) => guard(request.raw));
  admin.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  admin.setValidatorCompiler(validatorCompiler);
  admin.setSerializerCompiler(serializerCompiler);
  readJsonBodies(admin, 'json');
  admin.setErrorHandler((error, request, reply) => {
    const shown = toGatewayError(error);
    if (shown.code === 'internal')
      request.log.error({ err: error, requestId: request.id }, 'an admin request failed inside the gateway');
    return reply
      .status(shown.status)
      .headers(shown.headers)
      .send(errorEnvelope('openai', shown, request.id));
  });
  admin.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]?.slice(0, 200);
    const error = new GatewayError('not_found', `There is no route ${request.method} ${path}.`);
    return reply.status(404).send(errorEnvelope('openai', error, request.id));
  });
}
