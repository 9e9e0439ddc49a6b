import { prepareBare } from './bare.ts';
import { prepareCcr } from './ccr.ts';
import { freePort } from './free-port.ts';
import { prepareNginx } from './nginx.ts';
import { prepareNtl } from './ntl.ts';
import { ownFolder } from './own-folder.ts';
import { preparePortkey } from './portkey.ts';
import { type Prepare, type Side, type SideName, Skipped } from './side.ts';

const PREPARE: Readonly<Record<SideName, Prepare>> = {
  bare: prepareBare,
  ntl: prepareNtl,
  portkey: preparePortkey,
  ccr: prepareCcr,
  nginx: prepareNginx,
};

/**
 * @param told takes a sentence for each side that cannot be had here
 * @returns the others, in the order of the names, each with its own folder
 */
export async function setUp(
  names: readonly SideName[],
  origin: string,
  told: (sentence: string) => void,
): Promise<Side[]> {
  const sides: Side[] = [];
  for (const name of names) {
    try {
      sides.push(await PREPARE[name]({ origin, port: await freePort(), folder: ownFolder() }));
    } catch (error) {
      if (!(error instanceof Skipped)) throw error;
      told(error.message);
    }
  }
  return sides;
}
