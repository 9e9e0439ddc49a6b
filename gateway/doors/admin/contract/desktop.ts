import { z } from 'zod';

export const DesktopUpdate = z.object({
  /** `unsupported`: this installation cannot update itself. */
  state: z.enum(['unsupported', 'none', 'checking', 'available', 'downloading', 'ready', 'failed']),
  /** The newer version, once it is known. */
  version: z.string().nullable(),
  /** For people: what went wrong, or where to get it. */
  message: z.string().nullable(),
});
export type DesktopUpdate = z.infer<typeof DesktopUpdate>;

export const Desktop = z.object({
  /** False where the gateway runs headless. */
  available: z.boolean(),
  /** Null where this system or installation has no such thing. */
  startAtLogin: z.boolean().nullable(),
  /** Whether alerts show as notifications of the system. */
  notifications: z.boolean(),
  /** Whether closing the window leaves the gateway running in the tray. */
  closeHides: z.boolean(),
  update: DesktopUpdate,
});
export type Desktop = z.infer<typeof Desktop>;

export const DesktopPatch = z.strictObject({
  startAtLogin: z.boolean().optional(),
  notifications: z.boolean().optional(),
  closeHides: z.boolean().optional(),
});
export type DesktopPatch = z.infer<typeof DesktopPatch>;
