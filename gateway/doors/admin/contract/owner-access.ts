import { z } from 'zod';
import { Id, Time } from './common.ts';

/** Long enough that nobody guesses it at the pace that is let through; long sentences are fine. */
export const MIN_PASSWORD = 12;
const MAX_PASSWORD = 200;

/** By what a browser may sign in where it asks. */
export const SignInWays = z.object({
  /** Whether it is at another computer; here a link or the admin token signs in. */
  network: z.boolean(),
  password: z.boolean(),
  passkey: z.boolean(),
});
export type SignInWays = z.infer<typeof SignInWays>;

/** Body of POST /panel/signin/password. */
export const PasswordSignIn = z.strictObject({ password: z.string().max(1_000) });

/** What WebAuthn has a browser answer; the library that checks it knows its fields. */
export const PasskeyAnswer = z.looseObject({
  id: z.string().max(2_000),
  rawId: z.string().max(2_000),
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: z.string() }),
  clientExtensionResults: z.looseObject({}),
});

/** What WebAuthn has a browser make a passkey by. */
export const PasskeyQuestion = z.looseObject({ challenge: z.string() });
export type PasskeyQuestion = z.infer<typeof PasskeyQuestion>;

export const Passkey = z.object({
  id: Id,
  name: z.string(),
  /** The host name it was made for: it works at no other. */
  host: z.string(),
  createdAt: Time,
  lastUsedAt: Time.nullable(),
});
export type Passkey = z.infer<typeof Passkey>;

export const OwnerAccess = z.object({
  /** Null: there is no password. */
  passwordSetAt: Time.nullable(),
  passkeys: z.array(Passkey),
});
export type OwnerAccess = z.infer<typeof OwnerAccess>;

export const PasswordChange = z.strictObject({
  password: z
    .string()
    .min(MIN_PASSWORD, `Take at least ${MIN_PASSWORD} characters; a sentence does.`)
    .max(MAX_PASSWORD, `Take at most ${MAX_PASSWORD} characters.`),
  /** Needed from another computer. */
  current: z.string().max(1_000).optional(),
});
export type PasswordChange = z.infer<typeof PasswordChange>;

export const NewPasskey = z.strictObject({
  name: z.string().trim().min(1, 'Give it a name.').max(60),
  response: PasskeyAnswer,
});
export type NewPasskey = z.infer<typeof NewPasskey>;
