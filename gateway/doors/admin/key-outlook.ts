import type { ApiKey } from '../../accounts/keys.ts';
import type { Member } from '../../accounts/members.ts';
import { ECHO_MODEL, type ResolvedModel } from '../../catalogue/models.ts';
import type { Mend } from '../../connect/doctor/finding.ts';
import type { KeyOutlook, Trouble } from '../../connect/doctor/gateway-view.ts';
import { type ErrorCode, GatewayError } from '../../errors.ts';
import { authorizeModel } from '../../pipeline/authorize.ts';
import { identifyInside } from '../../pipeline/identify.ts';
import { type LimitStanding, shareUsed } from '../../quotas/limit-standing.ts';
import { LimitStandings } from './limit-standings.ts';
import type { AdminParts } from './parts.ts';
import { ProviderStates } from './provider-states.ts';
import { isoTime } from './values.ts';

const HERE = '127.0.0.1';
const SOON_MS = 7 * 86_400_000;

/**
 * How requests with a key would fare now, by the pipeline's own rules: nothing is sent, reserved or written down.
 * @param parts of the gateway. @returns a function of the key's hash and the models it is used for
 */
export function keyOutlook(parts: AdminParts) {
  const standings = new LimitStandings(parts);

  return async (keyHash: string, models: readonly string[], gone: AbortSignal): Promise<KeyOutlook> => {
    const key = parts.keys.byHash(keyHash);
    if (key === undefined) {
      const what = 'the key is none of this gateway: it was made by another one, or with another data folder';
      return { key: null, troubles: [{ check: 'key', state: 'bad', what, mend: null }], models: [] };
    }
    const shown = { id: String(key.id), name: key.name, prefix: key.prefix };
    const refusal = refusalOf(() =>
      identifyInside(parts.pipeline, HERE, { keyId: key.id, tool: 'doctor' }, () => undefined),
    );
    const member = parts.members.get(key.memberId);
    if (refusal !== null || member === undefined)
      return { key: shown, troubles: [ofKey(parts, key, refusal)], models: [] };
    const full = (await standings.ofMember(member, gone)).filter(
      (standing) => shareUsed(standing) >= 1 && (standing.keyId === null || standing.keyId === key.id),
    );
    return {
      key: shown,
      troubles: [
        ...expiring(parts, key),
        ...full.filter(({ limit }) => limit.model === null).map((one) => ofLimit(parts, member, one)),
        ...ofBalance(parts, key, member),
      ],
      models: models.map((model) => ({ model, troubles: ofModel(parts, member, model, full) })),
    };
  };
}

function refusalOf(check: () => unknown): GatewayError | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

/** How people tell keys apart. */
function called({ name, prefix }: ApiKey): string {
  return `the key ${name} (${prefix}…)`;
}

function ofKey(parts: AdminParts, key: ApiKey, refusal: GatewayError | null): Trouble {
  const code: ErrorCode = refusal?.code ?? 'key_revoked';
  const member = parts.members.get(key.memberId);
  const name = member?.name ?? 'its member';
  const trouble = (what: string, mend: Mend | null): Trouble => ({ check: 'key', state: 'bad', what, mend });
  const page = `/members/${key.memberId}`;
  if (code === 'key_revoked') return trouble(`${called(key)} was revoked`, null);
  if (code === 'key_expired')
    return trouble(`${called(key)} expired ${isoTime(key.expiresAt ?? parts.clock.wall())}`, null);
  if (code === 'access_disabled' || code === 'suspended') {
    const state = member?.status === 'pending' ? 'waits for your approval' : `is ${member?.status}`;
    return trouble(`${called(key)} is refused, for ${name} ${state}`, {
      ...{ text: 'Let the member in', command: `members activate ${key.memberId}`, page },
    });
  }
  if (code === 'ip_blocked')
    return trouble(`${called(key)} is refused from this computer: ${refusal?.message ?? ''}`, {
      ...{ text: 'Look at the block list, and at the addresses of the member', command: 'blocks list', page },
    });
  return trouble(`${called(key)} is refused: ${refusal?.message ?? code}`, null);
}

function expiring({ clock }: AdminParts, key: ApiKey): Trouble[] {
  const { createdAt, expiresAt } = key;
  if (expiresAt === null) return [];
  const soon = Math.min(SOON_MS, (expiresAt - createdAt) / 4);
  if (expiresAt - clock.wall() > soon) return [];
  const what = `${called(key)} expires ${isoTime(expiresAt)}`;
  return [{ check: 'key', state: 'warn', what, mend: null }];
}

const SPANS: Readonly<Record<number, string>> = { 60: '60 seconds', 86400: '24 hours', 2592000: '30 days' };

function ofLimit({ clock }: AdminParts, member: Member, { limit, used, frees }: LimitStanding): Trouble {
  const { metric, amount, windowSeconds, model } = limit;
  const figure = (value: number) =>
    metric === 'cost' ? `$${(value / 1e6).toFixed(2)}` : `${value.toLocaleString('en-US')} ${metric}`;
  const of = model === null ? '' : ` for ${model}`;
  const when =
    frees === null ? '' : `; it frees from ${isoTime(frees.at - clock.steady() + clock.wall())} on`;
  return {
    check: 'limit',
    state: 'bad',
    what: `the limit of ${figure(amount)} in ${SPANS[windowSeconds]}${of} is used up (${figure(used)})${when}`,
    mend: { text: 'Wait, or raise the limit', command: 'limits list', page: `/members/${member.id}` },
  };
}

function ofBalance({ balances }: AdminParts, key: ApiKey, member: Member): Trouble[] {
  const pays = key.kind === 'pay_per_token' || (member.prepaid && key.kind === 'standard');
  if (!pays) return [];
  const { tokens, micros } = balances.of(member.id);
  const held = balances.heldOf(member.id);
  if (tokens - held.tokens > 0 || micros - held.micros > 0) return [];
  const command = `members grant ${member.id} --tokens 1M`;
  const what = `${member.name} pays from a balance, and nothing is left of it`;
  const mend = { text: 'Add to it', command, page: `/members/${member.id}` };
  return [{ check: 'balance', state: 'bad', what, mend }];
}

function ofModel(
  parts: AdminParts,
  member: Member,
  wanted: string,
  full: readonly LimitStanding[],
): Trouble[] {
  let resolved: ResolvedModel;
  try {
    resolved = authorizeModel(parts.models, parts.settings.get('default_model'), member, wanted);
  } catch (error) {
    if (error instanceof GatewayError) return [refusedModel(parts, member, wanted, error)];
    throw error;
  }
  const limits = full.filter(({ limit }) => limit.model !== null && resolved.ids.includes(limit.model));
  return [
    ...limits.map((one) => ofLimit(parts, member, one)),
    ...(resolved.served.id === ECHO_MODEL ? [] : ofProviders(parts, wanted, resolved)),
  ];
}

function refusedModel(parts: AdminParts, member: Member, wanted: string, error: GatewayError): Trouble {
  const page = parts.models.get(wanted) === undefined ? '/models' : `/models/${encodeURIComponent(wanted)}`;
  if (error.code === 'model_not_allowed') {
    const allow = {
      command: `members update ${member.id} --allow-models all`,
      page: `/members/${member.id}`,
    };
    const what = `it asks for ${wanted}, which is not allowed for ${member.name}`;
    return {
      ...{ check: 'model', state: 'bad', what },
      mend: { text: 'Choose another model, or allow every model', ...allow },
    };
  }
  const [, why = error.message] = /^Unknown model "[^"]*"[.:] (.*)$/s.exec(error.message) ?? [];
  return {
    ...{ check: 'model', state: 'bad', what: `it asks for ${wanted}, which cannot serve: ${endless(why)}` },
    mend: { text: 'Choose another model, or mend this one', command: 'models list', page },
  };
}

/** What stands at the end of a sentence that goes on. */
function endless(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}

function ofProviders(parts: AdminParts, wanted: string, { served }: ResolvedModel): Trouble[] {
  const states = new ProviderStates(parts);
  const ids = [...new Set(served.targets.map(({ providerId }) => providerId))];
  const all = ids.flatMap((id) => parts.providers.get(id) ?? []);
  const ill = all.flatMap((provider) => {
    const { kind, message } = states.of(provider);
    const why = WHY[kind];
    return why === undefined
      ? []
      : [{ provider, words: `${provider.name} ${why}${message === null ? '' : ` (${message})`}` }];
  });
  const [first] = ill;
  if (first === undefined) return [];
  const none = ill.length === all.length;
  const words = ill.map(({ words }) => words).join('; ');
  return [
    {
      check: 'provider',
      state: none ? 'bad' : 'warn',
      what: none
        ? `no provider of ${wanted} answers: ${words}`
        : `a provider of ${wanted} does not answer, others do: ${words}`,
      mend: { text: 'See what it says', command: `providers test ${first.provider.id}`, page: '/providers' },
    },
  ];
}

/** States in which a provider is not, or hardly, of use. */
const WHY: Readonly<Partial<Record<ReturnType<ProviderStates['of']>['kind'], string>>> = {
  off: 'is switched off',
  no_credential: 'has no credential',
  credential_refused: 'refuses its credential',
  cooling_down: 'is left alone for a while',
  failing: 'fails',
};
