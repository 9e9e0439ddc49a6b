import type { Looked } from '../../gateway/imports/finding.ts';
import { look } from '../../gateway/imports/look.ts';
import type { SourceId } from '../../gateway/imports/source-ids.ts';
import { SOURCES } from '../../gateway/imports/sources.ts';
import type { TestHome } from '../connect/setup/home.ts';

interface Given {
  env?: Record<string, string>;
  /** Of the file that was chosen. */
  text?: string;
  /** Of the variables chosen with it. */
  variables?: string;
}

/** A look at a source in a home, for a gateway at 127.0.0.1:7411. */
export function lookAt(home: TestHome, id: SourceId, { env, text, variables }: Given = {}): Looked {
  const source = SOURCES.find((one) => one.id === id);
  if (source === undefined) throw new Error(`There is no source ${id}.`);
  return look(source, {
    machine: home.machine(env),
    chosen: text === undefined ? undefined : { shown: 'chosen', text },
    variables: variables === undefined ? undefined : { shown: '.env', text: variables },
    isOwn: (baseUrl) => new URL(baseUrl).host === '127.0.0.1:7411',
  });
}

/** What a test compares: all of a finding but its source. */
export function told({ findings, left, problems }: Looked) {
  return {
    findings: findings.map(({ source: _, ...finding }) => finding),
    left: left.map(({ what, place, why }) => `${what} (${place}): ${why}`),
    problems,
  };
}
