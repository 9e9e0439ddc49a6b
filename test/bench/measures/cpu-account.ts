import type { SideName } from '../sides/side.ts';
import { cpuTime } from './process-usage.ts';
import type { Round } from './results.ts';

interface Open {
  round: Round;
  cpu: number;
  endedAt: number;
}

/**
 * Whose CPU time is whose. A gateway does part of its work after the answer, such as summing up; so what a side uses
 * counts from its round to the beginning of its next one, less what it uses when nothing is asked.
 */
export class CpuAccount {
  readonly #pids: ReadonlyMap<SideName, number>;
  readonly #idle: (side: SideName) => number;
  readonly #open = new Map<SideName, Open>();

  /** @param idle CPU time for each millisecond when nothing is asked */
  constructor(pids: ReadonlyMap<SideName, number>, idle: (side: SideName) => number) {
    this.#pids = pids;
    this.#idle = idle;
  }

  /** Settles the side's last round. @returns its CPU time by now */
  begin(side: SideName): number {
    const now = cpuTime(this.#pids.get(side) ?? process.pid);
    const open = this.#open.get(side);
    if (open !== undefined) {
      const idle = this.#idle(side) * (performance.now() - open.endedAt);
      open.round.cpu = Math.max(0, now - open.cpu - idle) / open.round.answers;
      this.#open.delete(side);
    }
    return now;
  }

  /** @param cpu what `begin` returned */
  end(side: SideName, round: Round, cpu: number): void {
    this.#open.set(side, { round, cpu, endedAt: performance.now() });
  }

  /** Settles all rounds. */
  close(): void {
    for (const side of [...this.#open.keys()]) this.begin(side);
  }
}
