import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import type { PasskeyQuestion } from '../../../gateway/doors/admin/contract.ts';

/** Browsers make passkeys at a name over HTTPS. The window has neither, and loopback's are of no use elsewhere. */
export function canUsePasskeys(): boolean {
  const { protocol, hostname } = window.location;
  const isName = /[a-z]/i.test(hostname) && !hostname.startsWith('[') && hostname !== 'localhost';
  return protocol === 'https:' && isName && 'PublicKeyCredential' in window;
}

/** Has the browser make a passkey. @throws Error in words, also where its user says no */
export async function makePasskey(question: PasskeyQuestion): Promise<unknown> {
  const { startRegistration } = await import('@simplewebauthn/browser');
  const optionsJSON = question as unknown as PublicKeyCredentialCreationOptionsJSON;
  return startRegistration({ optionsJSON }).catch(inWords);
}

/** Has the browser sign in by a passkey. @throws Error in words, also where its user says no */
export async function showPasskey(question: PasskeyQuestion): Promise<unknown> {
  const { startAuthentication } = await import('@simplewebauthn/browser');
  const optionsJSON = question as unknown as PublicKeyCredentialRequestOptionsJSON;
  return startAuthentication({ optionsJSON }).catch(inWords);
}

function inWords(error: unknown): never {
  const { name, code } = error as { name?: string; code?: string };
  if (code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED' || name === 'InvalidStateError')
    throw new Error('This device has a passkey for this gateway already.');
  if (name === 'NotAllowedError' || name === 'AbortError')
    throw new Error('No passkey was given: it was cancelled, or took too long.');
  throw new Error('The browser could not use a passkey here.');
}
