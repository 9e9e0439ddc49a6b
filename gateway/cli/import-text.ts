import type { Provider } from '../doors/admin/contract.ts';
import { hintOf } from '../imports/credential.ts';
import type { Finding, ImportedModel, Left } from '../imports/finding.ts';
import { PROVIDERS } from '../providers/catalogue.ts';
import { fields, NOTHING, plain } from './output.ts';

/** The provider that has a finding's address and key already. */
export type Known = Pick<Provider, 'id' | 'name'> | null;

/** What was found, as `--json` tells it: without its key. */
export function answerOf({ credential, headers, ...finding }: Finding, known: Known) {
  return {
    ...finding,
    hasKey: credential !== null,
    keyHint: hintOf(credential),
    headers: Object.keys(headers),
    known,
  };
}

/** A block for people, its key by its last characters. */
export function findingText(finding: Finding, known: Known): string {
  const { name, kind, baseUrl, places, models, notes, headers } = finding;
  const pairs: [string, string][] = [
    ['  kind', PROVIDERS[kind].label],
    ['  address', baseUrl],
    ['  key', keyText(finding)],
    ...places.map((place, at): [string, string] => [at === 0 ? '  from' : '', place]),
    ...(Object.keys(headers).length === 0
      ? []
      : [['  headers', Object.keys(headers).join(', ')] as [string, string]]),
    ...(models.length === 0 ? [] : [['  models', modelsText(models)] as [string, string]]),
    ...notes.map((note): [string, string] => ['  note', note]),
    ...(known === null ? [] : [['  there', `already, as ${known.name}`] as [string, string]]),
  ];
  return `${plain(name)}\n${fields(pairs)}`;
}

function keyText({ credential }: Finding): string {
  if (credential === null) return 'none';
  return hintOf(credential) || 'a short one';
}

function modelsText(models: readonly ImportedModel[]): string {
  return models.map(({ id, upstream }) => (id === upstream ? id : `${id} (${upstream})`)).join(', ');
}

/** What stays where it is, a line each; '' for nothing. */
export function leftText(left: readonly Left[]): string {
  if (left.length === 0) return '';
  const lines = left.map(({ what, place, why }) => plain(`  ${what || NOTHING}, ${place}: ${why}`));
  return `Left where it is:\n${lines.join('\n')}\n`;
}
