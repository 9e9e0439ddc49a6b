import { z } from 'zod';
import { Id, Time } from './common.ts';

export const Session = z.object({
  /** Through which door the caller came. */
  actor: z.enum(['window', 'token', 'browser']),
});
export type Session = z.infer<typeof Session>;

/** A browser that is signed in to the panel. */
export const PanelSession = z.object({
  id: Id,
  createdAt: Time,
  lastUsedAt: Time,
  /** What the browser calls itself, cut to 200 characters. */
  userAgent: z.string(),
  /** `here`: by a link or the token of this computer; the others over the network. */
  way: z.enum(['here', 'password', 'passkey']),
  /** From where it was signed in. */
  address: z.string(),
  /** Whether it is the caller's own. */
  current: z.boolean(),
});
export type PanelSession = z.infer<typeof PanelSession>;

export const PanelSessions = z.object({ data: z.array(PanelSession) });
export type PanelSessions = z.infer<typeof PanelSessions>;

/** Body of POST /panel/signin. */
export const TokenSignIn = z.strictObject({
  /** The admin token of runtime.json. */
  token: z.string().max(1_000),
});
export type TokenSignIn = z.infer<typeof TokenSignIn>;

export const PanelLink = z.object({
  /** Signs a browser in once. */
  url: z.string(),
});
export type PanelLink = z.infer<typeof PanelLink>;
