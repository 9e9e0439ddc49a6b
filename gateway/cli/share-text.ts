import type { Sharing, TrustSteps } from '../doors/admin/contract.ts';
import { fields, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localTime } from './units.ts';

const OFF =
  'Not shared: only this computer reaches the gateway.\n\n' +
  'Sharing listens over HTTPS at the private addresses of this computer, with a certificate of its own. Colleagues\n' +
  'reach the inference API and what their key opens; the panel, the admin API and metrics stay here.\n\n';

/** How sharing stands. */
export function shareText(sharing: Sharing, terminal: Pick<Terminal, 'commandLine'>): string {
  if (!sharing.on) return `${OFF}Share it: ${terminal.commandLine('share on')}\n`;
  const { urls, plainUrls, certificate, authority, leftOut, trouble } = sharing;
  const told = fields([
    ['State', STATES[sharing.state]],
    ...(trouble === null ? [] : [['Trouble', trouble] as const]),
    ...urls.map((url, at) => [at === 0 ? 'For colleagues' : '', url] as const),
    ...plainUrls.map((url, at) => [at === 0 ? 'Plain HTTP, readable' : '', url] as const),
    ['Fingerprint', authority?.fingerprint],
    ['Certificate for', certificate?.hosts.join(', ')],
    ['Certificate until', certificate === null ? null : localTime(certificate.notAfter)],
    ...(leftOut.length === 0 ? [] : [['Not certified', leftOut.join(', ')] as const]),
    ['Multicast DNS', sharing.mdns ? 'announced' : 'off'],
    ['Panel on the network', sharing.panel ? 'on' : 'off'],
  ]);
  const addresses = table(
    sharing.available,
    [
      { title: 'ADDRESS', of: ({ address }) => address },
      { title: 'INTERFACE', of: (row) => row.interface },
      { title: 'SHARED', of: ({ shared, open }) => (shared ? (open ? 'yes' : 'not open') : 'no') },
      { title: '', of: ({ problem }) => problem ?? '' },
    ],
    'This computer is on no network.',
  );
  return `${told}\n${addresses}\nWhat colleagues do to trust it: ${terminal.commandLine('share ca')}\n`;
}

const STATES: Record<Sharing['state'], string> = {
  off: 'off',
  on: 'shared',
  waiting: 'waits for a network: this computer has none of the addresses now',
  trouble: 'not shared, though it should be',
};

/** The certificate itself, unless it went to a file, and the steps. */
export function trustText(
  { fingerprint }: Pick<NonNullable<Sharing['authority']>, 'fingerprint'>,
  { certificate, data }: TrustSteps,
  file: string | undefined,
): string {
  const steps = data.map(
    ({ title, note, commands }) => `${title}\n  ${note}\n${commands.map((line) => `    ${line}\n`).join('')}`,
  );
  const where = file === undefined ? `${certificate}\n` : `Written to ${file}.\n`;
  return `${where}\nFingerprint (SHA-256)  ${fingerprint}\nTell it your colleagues by another way than this network.\n\n${steps.join('\n')}`;
}
