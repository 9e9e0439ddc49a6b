import { connect } from 'node:net';
import type { Key, Sharing, Status } from '../doors/admin/contract.ts';
import { type AdminClient, NotRunning } from './admin-client.ts';
import { bad, type Finding, ok, warn } from './doctor-finding.ts';
import { plain } from './output.ts';
import type { Terminal } from './terminal.ts';

const USUAL_PORT = 7411;
const CONNECT_MS = 2_000;
const SOON_MS = 7 * 86_400_000;

/** Whether the gateway runs; null where it does not, with what to do about it. */
export async function gatewayFindings(
  terminal: Terminal,
): Promise<{ admin: AdminClient | null; findings: Finding[] }> {
  const start = terminal.commandLine('serve');
  try {
    const { admin } = terminal;
    const { addresses, paused, notices } = await admin.get<Status>('/status');
    const where = addresses.join(', ') || 'no address';
    const findings = [
      paused
        ? bad(
            `The gateway runs at ${where}, and is paused.`,
            `Serve again: ${terminal.commandLine('resume')}`,
          )
        : ok(`The gateway runs at ${where}.`),
      ...notices.map(({ message }) => warn(plain(message), `See ${terminal.commandLine('status')}`)),
      ...certificateFindings(terminal, await admin.get<Sharing>('/sharing')),
      ...keyFindings(terminal, (await admin.list<Key>('/keys')).data),
    ];
    return { admin, findings };
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
    const port = Number(process.env.NTL_PORT) || USUAL_PORT;
    const taken = await listens(port);
    const finding = taken
      ? bad(
          `The gateway of ${terminal.dataDir} is not running, and another program listens at port ${port}.`,
          `End that program, or start the gateway at another port: ${start} --port ${port + 1}. Connected tools must then be connected again.`,
        )
      : bad(`The gateway of ${terminal.dataDir} is not running.`, `Start it: ${start}`);
    return { admin: null, findings: [finding] };
  }
}

/** It renews itself; where that fails, colleagues' tools stop trusting it. */
function certificateFindings(terminal: Terminal, { on, certificate }: Sharing): Finding[] {
  if (!on || certificate === null || Date.parse(certificate.notAfter) > Date.now()) return [];
  const mend = `Turn sharing off and on again: ${terminal.commandLine('share off')}, ${terminal.commandLine('share on')}`;
  return [bad(`The certificate for your network expired ${certificate.notAfter}.`, mend)];
}

function keyFindings(terminal: Terminal, keys: readonly Key[]): Finding[] {
  return keys.flatMap(({ name, prefix, expiresAt, revokedAt }) => {
    if (revokedAt !== null || expiresAt === null) return [];
    const left = Date.parse(expiresAt) - Date.now();
    if (left > SOON_MS) return [];
    const shown = plain(`${name} (${prefix}…)`);
    const mend = `Make another: ${terminal.commandLine('keys create')}`;
    return left <= 0
      ? [warn(`The key ${shown} expired.`, mend)]
      : [warn(`The key ${shown} expires ${expiresAt}.`, mend)];
  });
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: CONNECT_MS });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => end(true));
    socket.on('timeout', () => end(false));
    socket.on('error', () => end(false));
  });
}
