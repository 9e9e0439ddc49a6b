import type { KeptIdentity } from './x509.ts';

/** What sharing needs of a door for other computers. */
export interface SharedDoor {
  /** Proves itself by another certificate from the next handshake on. */
  identify(identity: KeptIdentity): void;
  /** Lets go of the port at once; what runs over the door goes on. */
  close(): void;
}

/** @throws an error whose `fact` says for people what is wrong, where it is of a known kind */
export type OpenDoor = (
  address: string,
  port: number,
  door: { identity: KeptIdentity | null; admits: (address: string) => boolean },
) => Promise<SharedDoor>;
