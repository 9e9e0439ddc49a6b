/** The settings of Ollama's API for tools on this computer. */
import { type ApiKey, isUsable } from '../../accounts/keys.ts';
import type * as contract from './contract.ts';
import { invalid } from './errors.ts';
import type { AdminParts } from './parts.ts';
import { idOf } from './values.ts';

/** The key that is made for requests without one. Nobody needs its plaintext. */
const KEY_NAME = 'Ollama tools';

type OllamaSettings = Pick<
  contract.Settings,
  'ollama' | 'ollamaKeyId' | 'ollamaPort' | 'ollamaUrl' | 'ollamaProblem'
>;
type OllamaPatch = Pick<contract.SettingsPatch, 'ollama' | 'ollamaKeyId' | 'ollamaPort'>;

export function ollamaSettings({ settings, system }: AdminParts): OllamaSettings {
  const key = settings.get('ollama_key');
  return {
    ollama: settings.get('ollama'),
    ollamaKeyId: typeof key === 'number' ? String(key) : null,
    ollamaPort: settings.get('ollama_port'),
    ollamaUrl: system.ollamaPort.url,
    ollamaProblem: system.ollamaPort.problem,
  };
}

/** @throws GatewayError `invalid_request` that names the field */
export function checkOllama(parts: AdminParts, { ollamaKeyId, ollamaPort }: OllamaPatch): void {
  if (ollamaPort != null && ollamaPort === parts.system.listening.address?.port) {
    const message =
      'The gateway itself listens there, and answers Ollama’s API as well. Give another, or none.';
    throw invalid('ollamaPort', message);
  }
  if (ollamaKeyId == null || idOf(ollamaKeyId) === parts.settings.get('ollama_key')) return;
  const key = parts.keys.get(idOf(ollamaKeyId));
  if (key === undefined || !isUsable(key, parts.clock.wall()))
    throw invalid('ollamaKeyId', 'There is no such key, or it was revoked or has expired. Choose another.');
  if (key.kind === 'subscription')
    throw invalid('ollamaKeyId', 'A subscription key works on the tool routes alone. Choose another.');
}

/**
 * When Ollama's API is turned on, requests without a key get one: that of the last time, unless it is revoked or
 * expired, or a new one of the owner's member.
 * @returns the key to choose; null where the choice stands, or is made in the patch
 */
export function ollamaKeyFor(parts: AdminParts, { ollama, ollamaKeyId }: OllamaPatch): ApiKey | null {
  const { settings, keys, members, clock } = parts;
  if (ollama !== true || settings.get('ollama') || ollamaKeyId !== undefined) return null;
  const chosen = settings.get('ollama_key');
  if (chosen === null) return null;
  const now = clock.wall();
  const before = chosen === 'unset' ? undefined : keys.get(chosen);
  if (before !== undefined && isUsable(before, now)) return null;
  const owner = members.owner();
  if (owner === undefined) return null;
  const wanted = { memberId: owner.id, name: KEY_NAME, kind: 'standard' as const, expiresAt: null, now };
  return keys.create(wanted).key;
}

export function keepOllama({ settings }: AdminParts, patch: OllamaPatch): void {
  const { ollama, ollamaKeyId, ollamaPort } = patch;
  if (ollamaKeyId !== undefined) settings.set('ollama_key', ollamaKeyId === null ? null : idOf(ollamaKeyId));
  if (ollamaPort !== undefined) settings.set('ollama_port', ollamaPort);
  if (ollama !== undefined) settings.set('ollama', ollama);
}
