import type { IncomingHttpHeaders } from 'node:http';
import type { ClientAddresses } from '../accounts/client-addresses.ts';
import type { IpBlocks } from '../accounts/ip-blocks.ts';
import { type ApiKey, KEY_PREFIX, type Keys } from '../accounts/keys.ts';
import type { Member, Members } from '../accounts/members.ts';
import type { Alerts } from '../audit/alerts.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Caller, InsideCaller } from './call.ts';

export interface IdentifyParts {
  clients: Pick<ClientAddresses, 'of'>;
  /** Refuses keys that may not come this way, by throwing. */
  refuseKey?: (key: ApiKey) => void;
  /**
   * Whose request it is that brings no local key, by the key's id; null: nobody's.
   * @throws GatewayError for one that may not come without a key
   */
  keyless?: (headers: IncomingHttpHeaders) => number | null;
  blocks: IpBlocks;
  keys: Keys;
  members: Members;
  alerts: Alerts;
  clock: Clock;
}

/** @throws GatewayError `ip_blocked` */
export function refuseBlocked(parts: Pick<IdentifyParts, 'blocks' | 'clock'>, address: string): void {
  if (parts.blocks.blocks(address, parts.clock.wall())) {
    throw new GatewayError(
      'ip_blocked',
      `Requests from ${address} are blocked by the owner of this gateway.`,
    );
  }
}

/**
 * Who calls: block list, then the key, then the member. `seen` is told the caller as soon as it is known, so
 * that a refusal is audited under its name.
 * @throws GatewayError `missing_auth`, `invalid_key`, `key_revoked`, `key_expired`, `access_disabled`, `suspended`, `ip_blocked`
 */
export function identify(
  parts: IdentifyParts,
  address: string,
  headers: IncomingHttpHeaders,
  seen: (caller: Caller) => void,
): Caller {
  refuseBlocked(parts, address);
  const presented = presentedKey(headers);
  const standIn = presented?.startsWith(KEY_PREFIX) ? null : (parts.keyless?.(headers) ?? null);
  // Nobody guesses here, and the address is this computer's.
  if (standIn !== null) return checkKey(parts, address, parts.keys.get(standIn), seen, () => undefined);
  if (presented === undefined) throw missingAuth();
  const now = parts.clock.wall();
  const refused = () => parts.alerts.refusedKey(address, now);
  const key = parts.keys.byPlaintext(presented);
  if (key === undefined) refused();
  const caller = checkKey(parts, address, key, seen, refused);
  parts.alerts.keyUsedFrom({ memberId: caller.member.id, keyId: caller.key.id, address, at: now });
  return caller;
}

/**
 * The same for the owner, who asks as a key without having its plaintext. All that holds for the key and its
 * member holds; alerts are not told, since nobody guesses.
 * @throws GatewayError as `identify` does
 */
export function identifyInside(
  parts: IdentifyParts,
  address: string,
  { keyId }: InsideCaller,
  seen: (caller: Caller) => void,
): Caller {
  refuseBlocked(parts, address);
  return checkKey(parts, address, parts.keys.get(keyId), seen, () => undefined);
}

/** @param refused is told of a key that was revoked */
function checkKey(
  parts: IdentifyParts,
  address: string,
  key: ApiKey | undefined,
  seen: (caller: Caller) => void,
  refused: () => void,
): Caller {
  if (key === undefined) {
    throw new GatewayError(
      'invalid_key',
      'This gateway does not know the API key; check it, or ask for a new one.',
    );
  }
  const member = parts.members.get(key.memberId);
  if (member !== undefined) seen({ key, member });
  if (key.revokedAt !== null || member === undefined) {
    refused();
    throw new GatewayError('key_revoked', `The key ${key.prefix}… was revoked; ask for a new one.`);
  }
  const now = parts.clock.wall();
  if (key.expiresAt !== null && key.expiresAt <= now) {
    const expired = new Date(key.expiresAt).toISOString();
    throw new GatewayError('key_expired', `The key ${key.prefix}… expired at ${expired}; ask for a new one.`);
  }
  checkMember(parts, member, address);
  parts.refuseKey?.(key);
  return { key, member };
}

function checkMember(parts: IdentifyParts, member: Member, address: string): void {
  if (member.status === 'pending') {
    throw new GatewayError('access_disabled', `${member.name} waits for the owner's approval.`);
  }
  if (member.status === 'disabled')
    throw new GatewayError('access_disabled', `API access is off for ${member.name}.`);
  if (member.status === 'suspended')
    throw new GatewayError('suspended', `${member.name} is suspended by the owner.`);
  if (!parts.members.allowsAddress(member, address)) {
    throw new GatewayError('ip_blocked', `${member.name} may not call from ${address}.`);
  }
}

const KEY_HEADERS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'] as const;

/** A local key in any of the forms wins over anything else there: clients send leftovers of other set-ups along. */
function presentedKey(headers: IncomingHttpHeaders): string | undefined {
  let other: string | undefined;
  for (const name of KEY_HEADERS) {
    const value = headers[name];
    if (typeof value !== 'string') continue;
    const presented = (name === 'authorization' ? value.replace(/^Bearer\s+/i, '') : value).trim();
    if (presented.startsWith(KEY_PREFIX)) return presented;
    if (presented !== '' && !/^bearer$/i.test(presented)) other ??= presented;
  }
  return other;
}

function missingAuth(): GatewayError {
  return new GatewayError(
    'missing_auth',
    'No API key came with the request; send it as `Authorization: Bearer ntl_live_…` or `x-api-key`.',
  );
}
