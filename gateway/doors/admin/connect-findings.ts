import { examineTool } from '../../connect/doctor/examine-tool.ts';
import type { GatewayView } from '../../connect/doctor/gateway-view.ts';
import { RECIPES } from '../../connect/recipes.ts';
import { thisMachine } from '../../connect/setup/machine.ts';
import { Records } from '../../connect/setup/records.ts';
import { SETUPS } from '../../connect/setup/setups.ts';
import { hangUpSignal } from '../client-connection.ts';
import * as contract from './contract.ts';
import { notFound } from './errors.ts';
import { keyOutlook } from './key-outlook.ts';
import { isInProcess, refuseRemote } from './local-request.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams } from './schemas.ts';

/** What keeps a tool from reaching this gateway: `ntl doctor` and the panel tell the same. */
export function connectFindingRoutes(app: AdminApp, parts: AdminParts): void {
  const outlook = keyOutlook(parts);
  const records = new Records(parts.system.dataDir);

  function view(gone: AbortSignal): GatewayView {
    const { sharing, tunnel } = parts.system;
    const { url } = tunnel.status;
    return {
      addresses: parts.runtime().addresses,
      sharedUrls: [...sharing.report().urls, ...(url === null ? [] : [url])],
      authority: sharing.authority,
      instance: parts.instance,
      outlook: (keyHash, models) => outlook(keyHash, models, gone),
    };
  }

  app.get(
    '/connect/tools/:id/findings',
    {
      schema: {
        summary:
          'What a tool’s own settings say on this computer, and whether that works; nothing is written',
        description: 'The list of models is asked for as the tool would; no model is.',
        params: IdParams,
        response: answers(contract.ConnectFindings),
      },
    },
    async (request, reply) => {
      if (!isInProcess(request.raw)) refuseRemote(request.raw);
      const setup = SETUPS.find(({ id }) => id === request.params.id);
      if (setup === undefined) throw notFound('tool');
      const asked = { machine: thisMachine(), records, view: view(hangUpSignal(reply.raw)) };
      const label = RECIPES.find(({ id }) => id === setup.id)?.label;
      return { data: await examineTool({ ...asked, tries: 'nothing' }, setup, label) };
    },
  );

  app.post(
    '/connect/outlook',
    {
      schema: {
        summary: 'How requests with a key would fare now, by the gateway’s own rules; nothing is sent',
        body: contract.KeyOutlookQuery,
        response: answers(contract.KeyOutlookAnswer),
      },
    },
    async ({ body }, reply) => outlook(body.keyHash, body.models, hangUpSignal(reply.raw)),
  );
}
