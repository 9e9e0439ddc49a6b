import type { DesktopAdapter } from '../../desktop-adapter.ts';
import { GatewayError } from '../../errors.ts';
import { afterAnswer } from './after-answer.ts';
import * as contract from './contract.ts';
import { conflict } from './errors.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, NoContent } from './schemas.ts';
import { given } from './values.ts';

const HEADLESS: contract.Desktop = {
  available: false,
  startAtLogin: null,
  notifications: false,
  closeHides: false,
  update: { state: 'unsupported', version: null, message: null },
};

/** What the panel may ask of the desktop app around the gateway. */
export function desktopRoutes(app: AdminApp, parts: AdminParts): void {
  const { desktop } = parts.system;

  function adapter(): DesktopAdapter {
    if (desktop !== null) return desktop;
    throw conflict('The gateway runs without the desktop app, so there is none to ask.');
  }

  async function state(): Promise<contract.Desktop> {
    return desktop === null ? HEADLESS : { available: true, ...(await desktop.state()) };
  }

  app.get(
    '/desktop',
    { schema: { summary: 'The desktop app around the gateway', response: answers(contract.Desktop) } },
    state,
  );

  app.patch(
    '/desktop',
    {
      schema: {
        summary: 'Changes how the desktop app behaves; what is left out stays',
        body: contract.DesktopPatch,
        response: answers(contract.Desktop),
      },
    },
    async (request) => {
      const shell = adapter();
      const before = preferences(await state());
      if (request.body.startAtLogin !== undefined && before.startAtLogin === null) {
        throw conflict('This installation cannot be started at login.', 'startAtLogin');
      }
      await asked(() => shell.change(given(request.body)));
      const after = await state();
      noteChange(parts, request, {
        ...{ action: 'desktop.update', subject: 'desktop', before, after: preferences(after) },
      });
      return after;
    },
  );

  app.post(
    '/desktop/update',
    {
      schema: {
        summary: 'The next step of an update: looks for one, downloads it, or restarts into it',
        response: answers(contract.Desktop),
      },
    },
    async () => {
      await asked(() => adapter().update());
      return state();
    },
  );

  app.post(
    '/desktop/open-data-folder',
    {
      schema: {
        summary: "Shows the data folder in the system's file manager",
        response: answers(NoContent, 204),
      },
    },
    async (_request, reply) => {
      await asked(() => adapter().openDataFolder());
      return reply.status(204).send();
    },
  );

  app.post(
    '/desktop/quit',
    { schema: { summary: 'Ends the desktop app and the gateway in it', response: answers(NoContent, 204) } },
    async (_request, reply) => {
      const shell = adapter();
      afterAnswer(reply, () => shell.quit());
      return reply.status(204).send();
    },
  );
}

function preferences({ startAtLogin, notifications, closeHides }: contract.Desktop) {
  return { startAtLogin, notifications, closeHides };
}

/** The shell's errors are for people. */
async function asked(work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof GatewayError || !(error instanceof Error)) throw error;
    throw new GatewayError('conflict', error.message, { cause: error });
  }
}
