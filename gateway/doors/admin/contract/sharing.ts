import { z } from 'zod';
import { Time } from './common.ts';

const Port = z.int().min(1).max(65_535);

/** An address of this computer at which others may reach the gateway. */
export const SharingAddress = z.object({
  address: z.string(),
  /** Of its interface, such as `en0`. */
  interface: z.string(),
  /** Whether it is of a private network; those are shared where none are chosen. */
  private: z.boolean(),
  /** Whether the settings share it. */
  shared: z.boolean(),
  /** Whether others reach the gateway there now. */
  open: z.boolean(),
  /** Why not, where the settings share it. */
  problem: z.string().nullable(),
});
export type SharingAddress = z.infer<typeof SharingAddress>;

/** SHA-256 in hexadecimal, as browsers and systems show it: `AB:CD:…`. */
const Fingerprint = z.string();

export const Sharing = z.object({
  on: z.boolean(),
  /** Addresses of this computer to listen at; null: every private one, as they come and go. */
  addresses: z.array(z.string()).nullable(),
  /** HTTPS. */
  port: z.int(),
  /** Plain HTTP as well: whoever reads the network then reads keys and prompts. */
  plainHttp: z.boolean(),
  plainPort: z.int(),
  /** Announces the gateway by multicast DNS as `_ntl._tcp`. */
  mdns: z.boolean(),
  /** Whether the owner's panel and API answer over HTTPS, to whoever signs in by password or passkey. */
  panel: z.boolean(),
  /** `waiting`: this computer has none of the addresses now. `trouble`: it should be shared and is not. */
  state: z.enum(['off', 'on', 'waiting', 'trouble']),
  trouble: z.string().nullable(),
  /** Where colleagues open it; the best first. */
  urls: z.array(z.string()),
  plainUrls: z.array(z.string()),
  /** Every address of this computer that others could use. */
  available: z.array(SharingAddress),
  /** What the gateway proves itself with; null until it was shared. */
  certificate: z
    .object({ hosts: z.array(z.string()), notBefore: Time, notAfter: Time, fingerprint: Fingerprint })
    .nullable(),
  /** Who signed it, and whom colleagues trust; null until it was shared for the first time. */
  authority: z
    .object({ name: z.string(), notBefore: Time, notAfter: Time, fingerprint: Fingerprint })
    .nullable(),
  /** Names and addresses of this computer that the authority may not sign for; a new one can. */
  leftOut: z.array(z.string()),
});
export type Sharing = z.infer<typeof Sharing>;

/** What is left out stays. */
export const SharingChange = z.strictObject({
  on: z.boolean().optional(),
  addresses: z.array(z.string().trim().min(1).max(64)).min(1).max(100).nullish(),
  port: Port.optional(),
  plainHttp: z.boolean().optional(),
  plainPort: Port.optional(),
  mdns: z.boolean().optional(),
  panel: z.boolean().optional(),
});
export type SharingChange = z.infer<typeof SharingChange>;

/** What a colleague does once, so that a system or a program trusts the gateway. */
export const TrustSteps = z.object({
  /** Of the authority, PEM; null until the gateway was shared for the first time. */
  certificate: z.string().nullable(),
  data: z.array(
    z.object({
      /** The system or program. */
      title: z.string(),
      note: z.string(),
      /** To copy, a line each; none where it is done by hand. */
      commands: z.array(z.string()),
    }),
  ),
});
export type TrustSteps = z.infer<typeof TrustSteps>;
