import { Agent, request } from 'undici';
import { KEY_PLACEHOLDER } from '../connect/recipe.ts';
import { previewDisconnect } from '../connect/setup/connection.ts';
import { readBytes } from '../connect/setup/disk.ts';
import { keyIn } from '../connect/setup/key-in-text.ts';
import type { Records, ToolRecord } from '../connect/setup/records.ts';
import { SetupError } from '../connect/setup/setup-error.ts';
import { bad, type Finding, ok, warn } from './doctor-finding.ts';
import { plain } from './output.ts';
import type { Terminal } from './terminal.ts';

const ANSWER_MS = 10_000;

/** Each connected tool, asked for as the tool would: its address, its key, its model. */
export async function toolFindings(terminal: Terminal, records: Records): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const record of records.list()) {
    findings.push(...changedFindings(terminal, records, record.tool), await toolFinding(terminal, record));
  }
  return findings;
}

/** Values of ours that somebody changed, such as a base URL with another path. */
function changedFindings(terminal: Terminal, records: Records, tool: string): Finding[] {
  const changes = previewDisconnect(records, tool)?.changes ?? [];
  return changes.flatMap(({ path, kept }) => {
    if (kept.length === 0) return [];
    const names = kept.map((at) => at.filter((part) => typeof part === 'string').join('.')).join(', ');
    const again = terminal.commandLine(`connect ${tool}`);
    return [
      warn(
        plain(`${tool}: somebody changed ${names} in ${path} since.`),
        `If the tool does not work, put it right: ${again}`,
      ),
    ];
  });
}

async function toolFinding(terminal: Terminal, record: ToolRecord): Promise<Finding> {
  const { tool, origin, files, keyHash, model } = record;
  const again = `Connect it again: ${terminal.commandLine(`connect ${tool}`)}`;
  let texts: string[];
  try {
    texts = files.map(({ path }) => readBytes(path)?.toString() ?? '');
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return bad(`${tool}: ${plain(error.message)}`, again);
  }
  if (files.length > 0 && !texts.some((text) => text.includes(origin)))
    return bad(`${tool} is connected, but its settings do not name the gateway any more.`, again);
  const key = texts.map((text) => keyIn(text, keyHash)).find((found) => found !== undefined);
  // Some have the key in a store of their own.
  const byHand = !files.some(({ written }) => JSON.stringify(written).includes(KEY_PLACEHOLDER));
  if (key === undefined && !byHand)
    return bad(`${tool}: the key it was given is not in its settings any more.`, again);
  const reached = await reach(origin, key ?? null);
  if (reached === null) return bad(`${tool} is told ${origin}, where nothing answers.`, again);
  if (key === undefined)
    return ok(
      `${tool} is told ${origin}, which answers. Its key is in a store of its own, and was not tried.`,
    );
  if (reached.status !== 200) {
    const mend = /^(invalid_key|key_)/.test(reached.code)
      ? again
      : `Look at its member: ${terminal.commandLine('members list')}`;
    return bad(`${tool}: the gateway refuses its key (${reached.status} ${reached.code}).`, mend);
  }
  if (!reached.models.includes(model))
    return bad(
      `${tool} asks for ${plain(model)}, which is not there or not allowed for its key.`,
      `Choose another: ${terminal.commandLine(`connect ${tool} --model MODEL`)}, or allow it: ${terminal.commandLine('members update')}`,
    );
  return ok(`${tool} has ${plain(model)} at ${origin}; address, key and model work.`);
}

interface Reached {
  status: number;
  code: string;
  models: string[];
}

/** Straight, whatever proxy the environment names: that is a finding of its own. */
async function reach(origin: string, key: string | null): Promise<Reached | null> {
  const agent = new Agent();
  try {
    const { statusCode, body } = await request(`${origin}/api/v1/models`, {
      headers: key === null ? {} : { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(ANSWER_MS),
      dispatcher: agent,
    });
    const answer = (await body.json().catch(() => null)) as {
      data?: { id: string }[];
      error?: { code?: string };
    } | null;
    if (answer === null) return null;
    return {
      status: statusCode,
      code: answer.error?.code ?? '',
      models: (answer.data ?? []).map(({ id }) => id),
    };
  } catch {
    return null;
  } finally {
    await agent.destroy();
  }
}

/** Variables that tools read before their settings, and what is usually wrong with them. */
export function variableFindings(
  environment: Readonly<Record<string, string | undefined>>,
  here: string | null,
): Finding[] {
  const findings: Finding[] = [];
  const { ANTHROPIC_BASE_URL, ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN, OPENAI_BASE_URL } = environment;
  if (here !== null && ANTHROPIC_BASE_URL?.startsWith(here) && /\/v1\/?$/.test(ANTHROPIC_BASE_URL))
    findings.push(
      warn(
        `ANTHROPIC_BASE_URL is ${plain(ANTHROPIC_BASE_URL)}: tools add /v1 themselves.`,
        `Set it to ${here}/api.`,
      ),
    );
  if (here !== null && OPENAI_BASE_URL?.startsWith(here) && !/\/v1\/?$/.test(OPENAI_BASE_URL))
    findings.push(
      warn(
        `OPENAI_BASE_URL is ${plain(OPENAI_BASE_URL)}: tools add no /v1 to it.`,
        `Set it to ${here}/api/v1.`,
      ),
    );
  if (ANTHROPIC_API_KEY && ANTHROPIC_AUTH_TOKEN)
    findings.push(
      warn(
        'ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN are both set: Claude Code asks which to use.',
        'Remove ANTHROPIC_API_KEY.',
      ),
    );
  return findings;
}
