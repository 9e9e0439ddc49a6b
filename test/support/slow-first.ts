import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders whose files take longest, the longest first. */
const SLOW = ['test/e2e/', 'test/electron/', 'test/panel/', 'test/faults/', 'test/cli/', 'test/billing/'];

/** Starts long files first: one that begins when all others have ended keeps the whole run waiting. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const found = SLOW.findIndex((folder) => moduleId.includes(folder));
  return found === -1 ? SLOW.length : found;
}
