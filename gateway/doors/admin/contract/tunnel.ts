import { z } from 'zod';
import { Time } from './common.ts';

export const TunnelToolId = z.enum(['cloudflared', 'tailscale', 'ngrok']);
export type TunnelToolId = z.infer<typeof TunnelToolId>;

export const Tunnel = z.object({
  /** `waiting` to be started again, `failed` where that was given up. */
  state: z.enum(['off', 'opening', 'open', 'waiting', 'failed']),
  tool: TunnelToolId.nullable(),
  /** The public address; null until it is known, and while the tunnel is off. */
  url: z.string().nullable(),
  startedAt: Time.nullable(),
  /** It ends by itself then. */
  endsAt: Time.nullable(),
  /** Times the tool was started again since. */
  restarts: z.int(),
  /** What the tool said of trouble, or why the tunnel is off. */
  message: z.string().nullable(),
  /** Keys that may come through it. */
  keyIds: z.array(z.string()),
  tools: z.array(z.object({ id: TunnelToolId, label: z.string(), installed: z.boolean() })),
});
export type Tunnel = z.infer<typeof Tunnel>;

export const NewTunnel = z.strictObject({
  /** The first that is installed unless given. */
  tool: TunnelToolId.optional(),
  /** How long it stays open, 8 unless given. */
  hours: z.number().min(0.25).max(168).optional(),
});
export type NewTunnel = z.infer<typeof NewTunnel>;
