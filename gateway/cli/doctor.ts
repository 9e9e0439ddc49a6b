import { Records } from '../connect/setup/records.ts';
import type { Finding } from './doctor-finding.ts';
import { gatewayFindings } from './doctor-gateway.ts';
import { proxyFindings } from './doctor-proxy.ts';
import { toolFindings, variableFindings } from './doctor-tools.ts';
import { EXIT } from './failures.ts';
import { screenColumns, wrapped } from './output.ts';
import type { Terminal } from './terminal.ts';

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok   ', warn: 'look ', bad: 'wrong' };

/** `ntl doctor`: exit code 1 where something keeps a tool from working. */
export async function examine(terminal: Terminal): Promise<void> {
  const { admin, findings } = await gatewayFindings(terminal);
  findings.push(...proxyFindings(process.env), ...variableFindings(process.env, admin?.url ?? null));
  if (admin !== null) findings.push(...(await toolFindings(terminal, new Records(terminal.dataDir))));
  if (findings.some(({ state }) => state === 'bad')) process.exitCode = EXIT.failed;
  terminal.show({ data: findings }, () => findings.map(findingText).join(''));
}

function findingText({ state, what, mend }: Finding): string {
  const lines = [what, ...(mend === null ? [] : [mend])].flatMap((text) =>
    wrapped(text, screenColumns() - 7),
  );
  return lines.map((line, at) => `${at === 0 ? MARKS[state] : '     '}  ${line}\n`).join('');
}
