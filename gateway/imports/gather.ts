import { PROVIDERS } from '../providers/catalogue.ts';
import { CREDENTIAL_NAME, FRAMING } from '../providers/own-headers.ts';
import type { ProviderKind } from '../providers/provider-kinds.ts';
import type { Claim } from './claim.ts';
import { isPlaceholder, refusalOf } from './credential.ts';
import type { Finding, ImportedModel, Left } from './finding.ts';
import { type Service, serviceAt } from './service.ts';
import type { SourceId } from './source-ids.ts';

/** Whether an address leads to this gateway itself. */
export type IsOwn = (baseUrl: string) => boolean;

/** What becomes of claims: findings, those of one address and key as one, and what is left, with the reason. */
export function gather(
  source: SourceId,
  claims: readonly Claim[],
  isOwn: IsOwn,
): { findings: Finding[]; left: Left[] } {
  const groups = new Map<string, Finding[]>();
  const left: Left[] = [];
  for (const claim of claims) {
    const found = judged(source, claim, isOwn);
    if (typeof found === 'string') {
      left.push({ what: nameOf(claim), place: claim.place, why: found });
      continue;
    }
    const { kind, baseUrl, credential, headers } = found;
    const key = JSON.stringify([kind, baseUrl, credential, headers]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [found]);
    else group.push(found);
  }
  return { findings: [...groups.values()].map(asOne), left };
}

/** Of several claims the first gives the name. */
function asOne(group: readonly Finding[]): Finding {
  const [first] = group as [Finding];
  return {
    ...first,
    places: [...new Set(group.flatMap(({ places }) => places))],
    models: uniqueModels(group.flatMap(({ models }) => models)),
    notes: [...new Set(group.flatMap(({ notes }) => notes))],
  };
}

/** @returns why it is left, where it is */
function judged(source: SourceId, claim: Claim, isOwn: IsOwn): Finding | string {
  let service: Service;
  try {
    service = serviceAt(claim.kind, claim.baseUrl);
  } catch (error) {
    return error instanceof Error ? error.message : 'Its address is not right.';
  }
  const { kind, baseUrl } = service;
  if (isOwn(baseUrl)) return 'It leads to this gateway itself.';
  if (new URL(baseUrl).hostname === 'chatgpt.com') return 'It needs a ChatGPT login, which is no API key.';
  const { headers, key: headerKey, notes } = headersOf(claim);
  const key = claim.key ?? headerKey;
  const credential = credentialOf(kind, key);
  if ('why' in credential) return credential.why;
  return {
    ...{ id: claim.id, source, name: nameOf(claim, kind, baseUrl), kind, baseUrl, headers },
    ...{ credential: credential.text, places: [claim.place] },
    models: [...(claim.models ?? [])],
    notes: [...(claim.notes ?? []), ...notes, ...credential.notes],
  };
}

function credentialOf(
  kind: ProviderKind,
  key: Claim['key'],
): { text: string | null; notes: string[] } | { why: string } {
  const { credential, label, local } = PROVIDERS[kind];
  if (key !== undefined && 'why' in key) return key;
  if (key !== undefined && 'missing' in key)
    return { why: `Its key is in ${key.missing}, which is not set here.` };
  const text = key?.text.trim() ?? '';
  if (text !== '' && !isPlaceholder(text)) {
    const why = refusalOf(text);
    return why === undefined ? { text, notes: [] } : { why };
  }
  // Local servers want none, and are given one for form's sake.
  const isTold = text !== '' && !local;
  if (credential === 'optional')
    return { text: null, notes: isTold ? [`${PLACEHOLDER} It comes without a key.`] : [] };
  return {
    why: text === '' ? `It has no key, and ${label} wants one.` : PLACEHOLDER,
  };
}

const PLACEHOLDER = 'What stands where the key belongs is a placeholder.';

const MOST_HEADERS = 50;

/** Headers that carry a credential are the key where nothing else is; none of them goes on as a header. */
function headersOf(claim: Claim): Pick<Finding, 'headers' | 'notes'> & { key: Claim['key'] } {
  const headers: Record<string, string> = {};
  const notes: string[] = [];
  let key: Claim['key'];
  for (const [name, value] of Object.entries(claim.headers ?? {}).slice(0, MOST_HEADERS)) {
    const small = name.trim().toLowerCase();
    if (!/^[a-z0-9-]{1,100}$/.test(small) || !/^[\t\x20-\x7e]{0,4096}$/.test(value)) continue;
    if (FRAMING.has(small)) continue;
    if (!CREDENTIAL_NAME.test(small)) headers[small] = value.trim();
    else if (claim.key === undefined && key === undefined && KEY_HEADERS.has(small))
      key = { text: value.replace(/^Bearer +/i, '') };
    else notes.push(`The header ${small} is left out: it seems to carry a credential.`);
  }
  return { headers, notes, key };
}

/** In one of these a provider is asked with its key. */
const KEY_HEADERS = new Set(['authorization', 'x-api-key', 'api-key', 'x-goog-api-key']);

const LONGEST_NAME = 100;

/** As it is called there, else the kind's name; a service that is no kind's own is called by its host. */
function nameOf(claim: Claim, kind: ProviderKind = claim.kind, baseUrl?: string): string {
  const given = claim.name
    ?.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .trim()
    .slice(0, LONGEST_NAME);
  if (given) return given;
  const { label, baseUrl: own, local } = PROVIDERS[kind];
  return own !== null || local || baseUrl === undefined ? label : new URL(baseUrl).hostname;
}

/** What the gateway takes as a public id, and as a provider's name for a model. */
function uniqueModels(models: readonly ImportedModel[]): ImportedModel[] {
  const fit = models.filter(
    ({ id, upstream }) => /^[^\s\p{Cc}\p{Cf}]{1,128}$/u.test(id) && upstream !== '' && upstream.length <= 200,
  );
  // One name may lead to several models, which share its load.
  return [...new Map(fit.map((model) => [`${model.id} ${model.upstream}`, model])).values()];
}
