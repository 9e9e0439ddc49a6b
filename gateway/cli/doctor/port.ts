import { connect } from 'node:net';
import { whoAnswers } from '../../connect/doctor/call.ts';
import { bad, type Finding } from '../../connect/doctor/finding.ts';
import type { Records } from '../../connect/setup/records.ts';
import { defaultDataDir } from '../../data-dir.ts';
import { readRuntimeFile } from '../../runtime-file.ts';
import { plain } from '../output.ts';
import type { Terminal } from '../terminal.ts';

const USUAL_PORT = 7411;
const CONNECT_MS = 2_000;

/** The gateway does not run: whether it could, at the ports where it is looked for. */
export async function stoppedFindings(terminal: Terminal, records: Records): Promise<Finding[]> {
  const wanted = Number(process.env.NTL_PORT) || null;
  const told = records.list().flatMap(({ tool, origin }) => {
    const port = Number(URL.parse(origin)?.port);
    return port > 0 ? [{ tool, port }] : [];
  });
  const ports = [...new Set([wanted ?? told[0]?.port ?? USUAL_PORT, ...told.map(({ port }) => port)])];
  const findings: Finding[] = [];
  for (const port of ports) {
    const who = await holderOf(port, terminal.dataDir);
    if (who === null) continue;
    const tools = told.filter((one) => one.port === port).map(({ tool }) => tool);
    const whose =
      tools.length === 0 ? '' : `, which ${tools.join(', ')} ${tools.length === 1 ? 'is' : 'are'} told`;
    findings.push(
      bad(
        { check: 'port' },
        plain(
          `The gateway of ${terminal.dataDir} is not running, and ${who} listens at port ${port}${whose}.`,
        ),
        {
          text: 'End that one, or start the gateway at another port and connect the tools again',
          command: `serve --port ${port + 1}`,
        },
      ),
    );
  }
  if (findings.length > 0) return findings;
  const what = `The gateway of ${plain(terminal.dataDir)} is not running.`;
  return [bad({ check: 'running' }, what, { text: 'Start it', command: 'serve' })];
}

/** Who listens at a port of this computer, in words; null for nobody. */
async function holderOf(port: number, dataDir: string): Promise<string | null> {
  if (!(await listens(port))) return null;
  const who = await whoAnswers(`http://127.0.0.1:${port}`);
  if (who.kind !== 'gateway') return 'another program';
  return anotherGateway(port, dataDir);
}

/** By the file that each running gateway keeps in its data folder, where that is the usual one or named by the shell. */
function anotherGateway(port: number, dataDir: string): string {
  const known = [defaultDataDir({}), process.env.NTL_DATA_DIR ?? ''];
  const whose = known.find(
    (folder) =>
      folder !== '' &&
      folder !== dataDir &&
      Number(URL.parse(readRuntimeFile(folder)?.url ?? '')?.port) === port,
  );
  return whose === undefined
    ? 'another NoTokenLimit gateway, of another data folder,'
    : `the NoTokenLimit gateway of ${whose}`;
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
