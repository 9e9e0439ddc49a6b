import { median } from './figures.ts';
import { WatchedGateway } from './gateway.ts';

const ROUNDS = 5;

export interface Start {
  /** Each start until the first inference request is answered, ms. */
  times: number[];
  /** CPU time of the process until then, ms: the middle of all. */
  cpu: number;
}

/** Starts gateways on each of some folders in turns and asks them one thing. */
export async function measureStarts(
  sides: readonly { dataDir: string; key: string }[],
  model: string,
): Promise<Start[]> {
  const found = sides.map(() => ({ times: [] as number[], cpus: [] as number[] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { dataDir, key }] of sides.entries()) {
      const begun = performance.now();
      const gateway = await WatchedGateway.start(dataDir);
      await gateway.infer(key, model);
      found[index]?.times.push(performance.now() - begun);
      found[index]?.cpus.push(gateway.cpuMs());
      await gateway.stop();
    }
  }
  return found.map(({ times, cpus }) => ({ times, cpu: median(cpus) }));
}
