/** How the gateway itself stands: what keeps every tool from being served. */
import { statfsSync } from 'node:fs';
import { bad, type Finding, ok, warn } from '../../connect/doctor/finding.ts';
import type { Records } from '../../connect/setup/records.ts';
import type { Key, Provider, Sharing, Status } from '../../doors/admin/contract.ts';
import { plain } from '../output.ts';
import type { Terminal } from '../terminal.ts';

const DAY_MS = 86_400_000;
const SOON_MS = 7 * DAY_MS;
/** Clocks that differ by less are the same. */
const CLOCK_MS = 5 * 60_000;

/** An audit log grows by some hundred bytes a request, backups are copies of it. */
const LOW_BYTES = 500e6;

export interface Facts {
  status: Status;
  sharing: Sharing;
  providers: readonly Provider[];
  keys: readonly Key[];
  /** Why credentials cannot be read, by the vault; null where they can be. */
  credentialTrouble: string | null;
}

export function stateFindings(terminal: Terminal, facts: Facts, records: Records): Finding[] {
  return [
    ...runningFindings(facts.status),
    ...facts.status.notices.map(({ message }) =>
      warn({ check: 'notice' }, plain(message), { text: 'See what to do', command: 'status' }),
    ),
    ...clockFindings(facts),
    ...diskFindings(terminal.dataDir),
    ...providerFindings(facts),
    ...certificateFindings(facts.sharing),
    ...keyFindings(facts.keys, records),
  ];
}

function runningFindings({ addresses, paused }: Status): Finding[] {
  const about = { check: 'running' };
  if (addresses.length === 0)
    return [
      bad(about, 'The gateway runs and listens at no address: another program has its port.', {
        ...{ text: 'End that program, or choose another port', command: 'settings port 7500' },
        page: '/settings',
      }),
    ];
  const where = addresses.join(', ');
  if (!paused) return [ok(about, `The gateway runs at ${where}.`)];
  return [
    bad({ check: 'paused' }, `The gateway runs at ${where}, and is paused: every request is refused.`, {
      ...{ text: 'Serve again', command: 'resume', page: '/' },
    }),
  ];
}

/** What is written down as later than now was written under another clock. */
function clockFindings({ keys, sharing, status }: Facts): Finding[] {
  const now = Date.now();
  const latest = Math.max(
    ...keys.map(({ createdAt, lastUsedAt }) => Date.parse(lastUsedAt ?? createdAt)),
    ...[sharing.certificate?.notBefore, status.startedAt].map((at) => (at == null ? 0 : Date.parse(at))),
  );
  if (latest - now < CLOCK_MS) return [];
  const what =
    `The clock of this computer says ${new Date(now).toISOString()}, and the gateway has written things down ` +
    `at ${new Date(latest).toISOString()}: it is slow now, or was fast then. Limits, keys and certificates go by it.`;
  return [warn({ check: 'clock' }, what, { text: 'Set the clock of this computer right' })];
}

function diskFindings(dataDir: string): Finding[] {
  let free: number;
  try {
    const { bavail, bsize } = statfsSync(dataDir);
    free = bavail * bsize;
  } catch {
    return [];
  }
  if (free >= LOW_BYTES) return [];
  const what = `The disk of ${plain(dataDir)} has ${(free / 1e6).toFixed(1)} MB left. Without room for the audit log, every request is refused.`;
  return [warn({ check: 'disk' }, what, { text: 'Make room on it' })];
}

const STATES: Readonly<Partial<Record<Provider['state']['kind'], string>>> = {
  no_credential: 'has no credential',
  credential_refused: 'refuses its credential',
  cooling_down: 'is left alone for a while',
  failing: 'fails',
};

function providerFindings({ providers, credentialTrouble }: Facts): Finding[] {
  const about = { check: 'provider' };
  if (credentialTrouble !== null)
    return [
      bad({ check: 'vault' }, plain(credentialTrouble), {
        text: 'Unlock the keychain, or start the gateway with the passphrase in NTL_VAULT_PASSPHRASE, then see',
        command: 'status',
      }),
    ];
  const enabled = providers.filter((provider) => provider.enabled);
  if (enabled.length === 0) {
    const none = providers.length === 0 ? 'No provider is set up' : 'Every provider is switched off';
    return [
      warn(about, `${none}: only ntl/echo answers.`, {
        ...{ text: 'Add one', command: 'providers add', page: '/providers' },
      }),
    ];
  }
  return enabled.flatMap(({ id, name, state: { kind, message } }) => {
    const words = STATES[kind];
    if (words === undefined) return [];
    const why = message === null ? '' : ` (${plain(message)})`;
    return [
      warn(about, `The provider ${plain(name)} ${words}${why}.`, {
        ...{ text: 'See what it says', command: `providers test ${id}`, page: '/providers' },
      }),
    ];
  });
}

/** It renews itself; where that fails, colleagues' tools stop trusting it. */
function certificateFindings({ on, state, trouble, certificate, authority }: Sharing): Finding[] {
  if (!on) return [];
  const about = { check: 'certificate' };
  const anew = { text: 'Turn sharing off and on again', command: 'share off', page: '/settings' };
  const findings: Finding[] = [];
  if (state === 'trouble')
    findings.push(
      bad({ check: 'sharing' }, `The gateway should be shared and is not: ${plain(trouble ?? '')}`, {
        ...{ text: 'See how it stands', command: 'share', page: '/settings' },
      }),
    );
  if (certificate !== null) {
    const left = Date.parse(certificate.notAfter) - Date.now();
    if (left <= 0)
      findings.push(bad(about, `The certificate for your network expired ${certificate.notAfter}.`, anew));
    else if (left <= SOON_MS)
      findings.push(
        warn(
          about,
          `The certificate for your network expires ${certificate.notAfter}, and was not renewed.`,
          anew,
        ),
      );
  }
  if (authority !== null) {
    const left = Date.parse(authority.notAfter) - Date.now();
    const again = { text: 'Make a new one; every colleague then trusts it anew', command: 'share ca --new' };
    if (left <= 0)
      findings.push(bad(about, `The authority of your network expired ${authority.notAfter}.`, again));
    else if (left <= 30 * DAY_MS)
      findings.push(warn(about, `The authority of your network expires ${authority.notAfter}.`, again));
  }
  return findings;
}

/** Keys that end, with the tool that has them. */
function keyFindings(keys: readonly Key[], records: Records): Finding[] {
  const tools = new Map(records.list().map(({ keyId, tool }) => [keyId, tool]));
  const now = Date.now();
  return keys.flatMap(({ id, name, prefix, createdAt, expiresAt, revokedAt }) => {
    if (revokedAt !== null || expiresAt === null) return [];
    const [left, life] = [Date.parse(expiresAt) - now, Date.parse(expiresAt) - Date.parse(createdAt)];
    // A key for a day is not told of all day; one that ended long ago is known to have.
    if (left > Math.min(SOON_MS, life / 4) || left < -SOON_MS) return [];
    const tool = tools.get(id) ?? null;
    // Tools are looked at by themselves, and say the same of their keys.
    if (tool !== null) return [];
    const ends = left <= 0 ? 'expired' : 'expires';
    return [
      warn({ check: 'key' }, plain(`The key ${name} (${prefix}…) ${ends} ${expiresAt}.`), {
        ...{ text: 'If it is still needed, make another', command: 'keys create "my tool"', page: '/keys' },
      }),
    ];
  });
}
