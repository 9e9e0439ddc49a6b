import { setTimeout as wait } from 'node:timers/promises';
import { requestBytes } from '../client/request-bytes.ts';
import { requestBody } from '../conversation.ts';
import { Program } from '../sides/program.ts';
import type { Side, SideName } from '../sides/side.ts';
import { inTurn } from './in-turn.ts';
import { cpuTime, residentBytes } from './process-usage.ts';
import type { SideResult } from './results.ts';

export interface Started {
  programs: ReadonlyMap<SideName, Program>;
  results: ReadonlyMap<SideName, SideResult>;
}

/** Starts every side several times in turn, then for good, and looks at it before anything is asked of it. */
export async function startAll(sides: readonly Side[], times: number, idleMs: number): Promise<Started> {
  const starts = new Map<SideName, number[]>(sides.map(({ name }) => [name, []]));
  for (let index = 0; index < times; index += 1) {
    for (const side of inTurn(sides, index)) {
      const { program, ms } = await startSide(side);
      starts.get(side.name)?.push(ms);
      await program.stop();
    }
  }

  const programs = new Map<SideName, Program>();
  for (const side of sides) programs.set(side.name, (await startSide(side)).program);
  // What a start leaves to do is done by then.
  await wait(idleMs / 2);
  const before = new Map([...programs].map(([name, { pid }]) => [name, cpuTime(pid)]));
  await wait(idleMs);
  const results = new Map<SideName, SideResult>();
  for (const [name, { pid }] of programs) {
    results.set(name, {
      starts: starts.get(name) ?? [],
      idleBytes: residentBytes(pid),
      idleCpu: (cpuTime(pid) - (before.get(name) ?? 0)) / idleMs,
    });
  }
  return { programs, results };
}

/** @returns once it has answered for the first time, with the milliseconds from the start of its process */
export async function startSide(side: Side): Promise<{ program: Program; ms: number }> {
  const call = { script: 'json', protocol: 'chat', provider: 'chat' } as const;
  const address = side.address(call);
  if (address === null) throw new Error(`${side.label} takes no chat.`);
  const { path, headers, model } = address;
  const request = requestBytes(side.port, path, headers, requestBody(model, 'json', 1_024));
  const program = Program.start(side.launch);
  try {
    return { program, ms: await program.firstAnswer(side.port, request) };
  } catch (error) {
    throw new Error(`${side.label}: ${(error as Error).message}`);
  }
}
