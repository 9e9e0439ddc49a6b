import { examineTool } from '../../connect/doctor/examine-tool.ts';
import { connectAgain, type Finding, warn } from '../../connect/doctor/finding.ts';
import type { GatewayView } from '../../connect/doctor/gateway-view.ts';
import { thisMachine } from '../../connect/setup/machine.ts';
import { Records } from '../../connect/setup/records.ts';
import { SETUPS } from '../../connect/setup/setups.ts';
import type { ToolSetup } from '../../connect/setup/tool-setup.ts';
import type { Key, Provider, Sharing, Status } from '../../doors/admin/contract.ts';
import { NotRunning } from '../admin-client.ts';
import { setupOf } from '../connect-tool.ts';
import { EXIT } from '../failures.ts';
import { plain, screenColumns, wrapped } from '../output.ts';
import { credentialTrouble } from '../status.ts';
import type { Terminal } from '../terminal.ts';
import { consentToTry } from './consent.ts';
import { stateFindings } from './gateway-state.ts';
import { overrideFindings } from './overrides.ts';
import { stoppedFindings } from './port.ts';
import { proxyFindings } from './proxy.ts';
import { variableFindings } from './variables.ts';
import { viewOf } from './view.ts';

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok   ', warn: 'look ', bad: 'wrong' };

export interface DoctorOptions {
  try?: true;
}

/** `ntl doctor [tool]`: exit code 1 where something keeps a tool from working. */
export async function examine(
  terminal: Terminal,
  named: string | undefined,
  options: DoctorOptions,
): Promise<void> {
  const setups = named === undefined ? SETUPS : [setupOf(terminal, named)];
  const records = new Records(terminal.dataDir);
  const findings = await allFindings(terminal, records, setups, options, named !== undefined);
  if (findings.some(({ state }) => state === 'bad')) process.exitCode = EXIT.failed;
  const told = findings.map((finding) => ({ ...finding, mend: mendText(terminal, finding) }));
  terminal.show({ data: told }, () => told.map(findingText).join(''));
}

async function allFindings(
  terminal: Terminal,
  records: Records,
  setups: readonly ToolSetup[],
  options: DoctorOptions,
  asked: boolean,
): Promise<Finding[]> {
  let state: { view: GatewayView; findings: Finding[] };
  try {
    state = await gatewayState(terminal, records);
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
    const tools = records.list().map(({ tool }) => tool);
    return [...(await stoppedFindings(terminal, records)), ...proxyFindings(process.env, tools)];
  }
  const { view, findings } = state;
  const tries = options.try && (await consentToTry(terminal, records, setups)) ? 'model' : 'echo';
  const ofTools: Finding[] = [];
  const concerned: string[] = [];
  for (const setup of setups) {
    const found = await examineTool({ machine: thisMachine(), records, view, tries }, setup);
    const record = records.get(setup.id);
    if (record !== null) found.push(...overrideFindings(process.env, record, view));
    if (found.length > 0) concerned.push(setup.id);
    else if (asked) found.push(notSetUp(setup.id));
    ofTools.push(...found);
  }
  return [
    ...findings,
    ...proxyFindings(process.env, concerned),
    ...(await variableFindings(process.env, view)),
    ...ofTools,
  ];
}

async function gatewayState(terminal: Terminal, records: Records) {
  const { admin } = terminal;
  const status = await admin.get<Status>('/status');
  const sharing = await admin.get<Sharing>('/sharing');
  const facts = {
    ...{ status, sharing },
    providers: (await admin.list<Provider>('/providers')).data,
    keys: (await admin.list<Key>('/keys')).data,
    credentialTrouble: await credentialTrouble(admin),
  };
  const view = await viewOf(admin, status, sharing);
  return { view, findings: stateFindings(terminal, facts, records) };
}

function notSetUp(tool: string): Finding {
  const what = `${tool} is not set up to come here: its settings name neither this gateway nor a key of it.`;
  return warn({ check: 'settings', tool }, what, connectAgain(tool, 'Set it up'));
}

function mendText(terminal: Terminal, { mend }: Finding): string | null {
  if (mend === null) return null;
  return mend.command === undefined ? `${mend.text}.` : `${mend.text}: ${terminal.commandLine(mend.command)}`;
}

function findingText({ state, what, mend }: { state: Finding['state']; what: string; mend: string | null }) {
  const lines = [what, ...(mend === null ? [] : [mend])].flatMap((text) =>
    wrapped(plain(text), screenColumns() - 7),
  );
  return lines.map((line, at) => `${at === 0 ? MARKS[state] : '     '}  ${line}\n`).join('');
}
