import type { FastifyRequest } from 'fastify';
import { isLoopbackAddress, networkOf } from '../../accounts/addresses.ts';
import type { IpBlock } from '../../accounts/ip-blocks.ts';
import type { MemberStatus } from '../../accounts/members.ts';
import type { Alert, AlertAnswer } from '../../audit/alert-log.ts';
import { conflict } from './errors.ts';
import { noteChange } from './owner-change.ts';
import type { AdminParts } from './parts.ts';

/** What says how an alert stands. */
export type AlertParts = Pick<AdminParts, 'blocks' | 'members' | 'keys' | 'clock'>;

/** What an answer did, kept beside the alert, so that it can be taken back. */
type Done =
  | { kind: 'blocked'; cidr: string; before: Pick<IpBlock, 'reason' | 'expiresAt' | 'createdAt'> | null }
  | { kind: 'unblocked'; block: Omit<IpBlock, 'id'> }
  | { kind: 'suspended'; memberId: number; before: MemberStatus }
  | { kind: 'revoked' };

/** Stands in the block list later, when the alert is long forgotten. */
const REASONS = { refused_keys: 'Many wrong API keys', other: 'Used a key from an unknown address' };

/** Answers there are to an alert now, each done by one click; `fine` is always one. */
export function possibleAnswers(parts: AlertParts, alert: Alert): AlertAnswer[] {
  const { memberId, keyId } = alert;
  const answers: AlertAnswer[] = ['fine'];
  const block = blockOf(parts, alert);
  if (canBlock(alert) && block?.expiresAt !== null) answers.push('block');
  if (alert.kind === 'refused_keys' && block?.expiresAt != null) answers.push('unblock');
  if (alert.kind === 'billing' || alert.kind === 'key_expiring') return answers;
  const member = memberId === null ? undefined : parts.members.get(memberId);
  if (member?.status === 'active' && !member.owner) answers.push('suspend');
  if (keyId !== null && parts.keys.get(keyId)?.revokedAt === null) answers.push('revoke');
  return answers;
}

/** The block that holds just what the alert came from, an IPv6 address's network included. */
export function blockOf({ blocks, clock }: AlertParts, { address }: Alert): IpBlock | undefined {
  if (address === null) return undefined;
  const now = clock.wall();
  const holds = ({ expiresAt }: IpBlock) => expiresAt === null || expiresAt > now;
  return [address, networkOf(address)]
    .map((cidr) => blocks.find(cidr))
    .find((block) => block !== undefined && holds(block));
}

/** This computer is never blocked by an alert: its owner's own tools would be shut out. */
function canBlock({ address }: Alert): boolean {
  return address !== null && address !== 'in-process' && !isLoopbackAddress(address);
}

/**
 * Does what the owner answered and settles the alert.
 * @throws GatewayError `conflict` where the answer is none for this alert, or not any more
 */
export function answerAlert(
  parts: AdminParts,
  request: FastifyRequest,
  alert: Alert,
  answer: AlertAnswer,
): Alert {
  if (!possibleAnswers(parts, alert).includes(answer)) {
    throw conflict(
      `The alert cannot be answered with ${answer}: it is about something else, or that is done.`,
    );
  }
  const done = act(parts, request, alert, answer);
  return parts.alerts.log.settle(alert.id, parts.clock.wall(), answer, done) ?? alert;
}

function act(
  parts: AdminParts,
  request: FastifyRequest,
  alert: Alert,
  answer: AlertAnswer,
): Done | undefined {
  const { blocks, members, keys, clock } = parts;
  const note = (change: Parameters<typeof noteChange>[2]) => noteChange(parts, request, change);
  switch (answer) {
    case 'fine':
      return undefined;
    case 'block': {
      const before = blockOf(parts, alert);
      const { id: _id, ...rest } = before ?? {
        id: 0,
        reason: null,
        expiresAt: null,
        createdAt: clock.wall(),
      };
      const reason = alert.kind === 'refused_keys' ? REASONS.refused_keys : REASONS.other;
      const cidr = before?.cidr ?? networkOf(alert.address ?? '');
      blocks.add({ cidr, reason, expiresAt: null, createdAt: clock.wall() });
      note({ action: 'ip-block.add', subject: `ip-block:${cidr}`, after: { cidr, reason, expiresAt: null } });
      return { kind: 'blocked', cidr, before: before === undefined ? null : rest };
    }
    case 'unblock': {
      const block = blockOf(parts, alert);
      if (block === undefined) return undefined;
      const { id, ...kept } = block;
      blocks.remove(id);
      note({ action: 'ip-block.lift', subject: `ip-block:${kept.cidr}`, before: shown(kept) });
      return { kind: 'unblocked', block: kept };
    }
    case 'suspend': {
      const memberId = alert.memberId ?? 0;
      const before = members.get(memberId)?.status ?? 'active';
      members.update(memberId, { status: 'suspended' });
      const subject = `member:${memberId}`;
      note({ action: 'member.update', subject, before: { status: before }, after: { status: 'suspended' } });
      return { kind: 'suspended', memberId, before };
    }
    case 'revoke': {
      const key = keys.revoke(alert.keyId ?? 0, clock.wall());
      const revokedAt = new Date(key?.revokedAt ?? clock.wall()).toISOString();
      note({
        ...{ action: 'key.revoke', subject: `key:${alert.keyId}` },
        ...{ before: { revokedAt: null }, after: { revokedAt } },
      });
      return { kind: 'revoked' };
    }
  }
}

/**
 * Takes an answer back: what it did is undone as far as it still stands, and the alert is open again.
 * @throws GatewayError `conflict` where there is none, or it cannot be undone
 */
export function takeBack(parts: AdminParts, request: FastifyRequest, alert: Alert): Alert {
  if (alert.seenAt === null) throw conflict('The alert has no answer yet.');
  const done = parts.alerts.log.undoOf(alert.id) as Done | undefined;
  if (done?.kind === 'revoked') {
    throw conflict('A revoked key cannot be brought back; make a new one in its place.');
  }
  if (done !== undefined) undo(parts, request, done);
  return parts.alerts.log.reopen(alert.id) ?? alert;
}

function undo(parts: AdminParts, request: FastifyRequest, done: Exclude<Done, { kind: 'revoked' }>): void {
  const { blocks, members, clock } = parts;
  const note = (change: Parameters<typeof noteChange>[2]) => noteChange(parts, request, change);
  const stillHolds = (expiresAt: number | null) => expiresAt === null || expiresAt > clock.wall();
  switch (done.kind) {
    case 'blocked': {
      const block = blocks.find(done.cidr);
      if (block === undefined) return;
      blocks.remove(block.id);
      note({ action: 'ip-block.lift', subject: `ip-block:${done.cidr}`, before: shown(block) });
      if (done.before !== null && stillHolds(done.before.expiresAt))
        blocks.add({ ...done.before, cidr: done.cidr });
      return;
    }
    case 'unblocked':
      if (!stillHolds(done.block.expiresAt) || blocks.find(done.block.cidr) !== undefined) return;
      blocks.add(done.block);
      note({ action: 'ip-block.add', subject: `ip-block:${done.block.cidr}`, after: shown(done.block) });
      return;
    case 'suspended': {
      if (members.get(done.memberId)?.status !== 'suspended') return;
      members.update(done.memberId, { status: done.before });
      const subject = `member:${done.memberId}`;
      const before = { status: 'suspended' };
      note({ action: 'member.update', subject, before, after: { status: done.before } });
    }
  }
}

function shown({ cidr, reason, expiresAt }: Omit<IpBlock, 'id'>) {
  return { cidr, reason, expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString() };
}
