/** One agent, told to speak one protocol, given one task at one provider: run it and see what happened. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { HubProtocol } from '../../gateway/protocols/codecs.ts';
import type { RecordedRequest } from '../support/provider/request.ts';
import type { Agent, Door } from './agent.ts';
import type { Seat } from './bench.ts';
import { startBrain } from './brain.ts';
import { type Errand, errandsIn, PROMPT } from './errand.ts';
import { environment, writeSettings } from './home.ts';
import { type Ended, run } from './process.ts';

export interface Trial {
  agent: Agent;
  protocol: HubProtocol;
  seat: Seat;
  ended: Ended;
  /** What reached the provider. */
  requests: readonly RecordedRequest[];
  /** Tools that the model called, by the names that it knew them by. */
  called: readonly string[];
  /** What is wrong with the files, one line each. */
  fileFaults: readonly string[];
}

const TIMEOUT_MS = 120_000;

/** @param command path of the agent's program */
export async function runTrial(
  agent: Agent,
  command: string,
  protocol: HubProtocol,
  seat: Seat,
  door: Door,
): Promise<Trial> {
  const root = await mkdtemp(join(tmpdir(), 'ntl-agent-'));
  try {
    const home = join(root, 'home');
    const folder = join(root, 'work');
    await mkdir(folder, { recursive: true });
    const model = agent.model ?? seat.model;
    const launch = agent.launch({ ...door, protocol, model, prompt: PROMPT, home });
    await writeSettings(home, launch);

    const errands = errandsIn(folder);
    const brain = startBrain(errands);
    const before = seat.provider.requests.length;
    seat.provider.script((request) => brain.answer(request));
    const ended = await run(command, launch.args, {
      cwd: folder,
      env: environment(home, launch),
      timeoutMs: TIMEOUT_MS,
    });
    const requests = seat.provider.requests.slice(before);
    const fileFaults = (await Promise.all(errands.flat().map(faultsOfFile))).flat();
    return { agent, protocol, seat, ended, requests, called: brain.called, fileFaults };
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What is wrong with a file that was to be written, one line each. */
export async function faultsOfFile({ path, content }: Errand): Promise<string[]> {
  const name = basename(path);
  const found = await readFile(path, 'utf8').catch(() => undefined);
  if (found === undefined) return [`${name} is missing`];
  return found.replace(/\n$/, '') === content ? [] : [`${name} holds ${JSON.stringify(found)}`];
}
