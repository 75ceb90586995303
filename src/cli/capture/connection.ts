// One connection of ours, as it stands when it opens.
import type { Server } from 'node:net';
import type { PeerAddress } from '../../push/index.ts';

/** A connection that opened. */
export interface OpenedConnection {
  /** Our end. */
  readonly role: 'client' | 'server';
  readonly local: PeerAddress;
  readonly remote: PeerAddress;
  /** What is seen is the plaintext. */
  readonly tls: boolean;
  /** Name that was looked up for `remote`. */
  readonly hostName: string | undefined;
  /** What took it. */
  readonly server: Server | undefined;
}
