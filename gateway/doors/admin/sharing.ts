import type { GatewayError } from '../../errors.ts';
import { type Sharing, SharingError } from '../../sharing/sharing.ts';
import type { SharingReport } from '../../sharing/sharing-report.ts';
import { trustSteps } from '../../sharing/trust-steps.ts';
import * as contract from './contract.ts';
import { conflict } from './errors.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers } from './schemas.ts';
import { given, isoTime } from './values.ts';

/** Sharing the gateway with other computers: the switch, and what it proves itself with. */
export function sharingRoutes(app: AdminApp, parts: AdminParts): void {
  const { sharing, access } = parts.system;

  app.get(
    '/sharing',
    {
      schema: {
        summary: 'Whether and how the gateway is shared with other computers',
        response: answers(contract.Sharing),
      },
    },
    async () => shown(sharing),
  );

  app.get(
    '/sharing/trust',
    {
      schema: {
        summary: 'What a colleague does to trust the gateway, by system and program',
        response: answers(contract.TrustSteps),
      },
    },
    async () => {
      const { urls } = sharing.report();
      const steps = trustSteps(urls[0] ?? 'https://ADDRESS:PORT');
      return {
        certificate: sharing.authority,
        data: steps.map((step) => ({ ...step, commands: [...step.commands] })),
      };
    },
  );

  app.put(
    '/sharing',
    {
      schema: {
        summary: 'Shares the gateway, or changes how; what is left out stays',
        body: contract.SharingChange,
        response: answers(contract.Sharing),
      },
    },
    async (request) => {
      const before = sharing.settings;
      if (request.body.panel === true && !access.hasPassword)
        throw conflict(
          'Set a password first: whoever reaches the panel over the network is asked for it.',
          'panel',
        );
      await sharing.apply(given(request.body)).catch((error) => {
        throw error instanceof SharingError ? asGatewayError(error) : error;
      });
      const after = sharing.settings;
      // Who was let in over the network is not let in again when it is turned on some day.
      if (!after.on || !after.panel) parts.sessions.endWhere(({ way }) => way !== 'here');
      noteChange(parts, request, { action: 'sharing.update', subject: 'sharing', before, after });
      return shown(sharing);
    },
  );

  app.post(
    '/sharing/certificate',
    {
      schema: {
        summary: 'Makes a new certificate by the same authority; what is connected goes on',
        response: answers(contract.Sharing),
      },
    },
    async (request) => {
      mustBeOn(sharing);
      await sharing.renew();
      noteChange(parts, request, { action: 'sharing.renew', subject: 'sharing' });
      return shown(sharing);
    },
  );

  app.post(
    '/sharing/authority',
    {
      schema: {
        summary: 'Makes a new authority: every colleague must trust it in place of the one before',
        response: answers(contract.Sharing),
      },
    },
    async (request) => {
      mustBeOn(sharing);
      await sharing.replaceAuthority();
      noteChange(parts, request, { action: 'sharing.replace', subject: 'sharing' });
      return shown(sharing);
    },
  );
}

function mustBeOn({ settings }: Sharing): void {
  if (!settings.on) throw conflict('The gateway is not shared. Turn sharing on first.');
}

function asGatewayError({ field, message }: SharingError): GatewayError {
  return conflict(message, field);
}

function shown(sharing: Sharing): contract.Sharing {
  const { settings } = sharing;
  const { certificate, authority, available, leftOut, ...report }: SharingReport = sharing.report();
  return {
    ...settings,
    addresses: settings.addresses === null ? null : [...settings.addresses],
    ...report,
    available: available.map(({ name, address, private: isPrivate, shared, open, problem }) => ({
      ...{ address, interface: name, private: isPrivate, shared, open, problem },
    })),
    certificate: certificate === null ? null : { ...times(certificate), hosts: [...certificate.hosts] },
    authority: authority === null ? null : { ...times(authority), name: authority.name },
    leftOut: [...leftOut],
  };
}

function times({ notBefore, notAfter, fingerprint }: Exclude<SharingReport['authority'], null>) {
  return { notBefore: isoTime(notBefore), notAfter: isoTime(notAfter), fingerprint };
}
