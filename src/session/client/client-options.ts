// What a device gives to its end of a DM session.
import type { Alert, MessageForm } from '../../codec/syncml/index.ts';
import type { AuthScheme, SessionCredentials } from '../../security/index.ts';
import type {
  AtomicTransaction,
  CommandContext,
  CommandOutcome,
  ObjectLeaf,
  TreeCommand,
} from '../contract/contract.ts';
import type { UserInteraction, UserResponse } from './user-interaction.ts';

/** The DM account that the session runs under (DMAcc). */
export interface ClientAccount {
  /** ServerID: the subject of ACLs. */
  readonly serverId: string;
  /** AppAddr: where package #1 goes, and Target/LocURI. */
  readonly serverUri: string;
  /** CLCRED; absent when the device proves itself by the transport only. */
  readonly client?: SessionCredentials;
  /** Schemes that a challenge may move the client to. Default: that of `client`, and stronger ones. */
  readonly clientSchemes?: readonly AuthScheme[];
  /** SRVCRED; without it, nothing but a trusted transport can vouch for the server. */
  readonly server?: SessionCredentials;
  /** Schemes that the server may prove itself with. Default: that of `server`, and stronger ones. */
  readonly serverSchemes?: readonly AuthScheme[];
}

/** A client's alert, without the CmdID that the session gives it: 1224 (client event), 1226 (generic alert). */
export type ClientAlert = Omit<Alert, 'cmdId' | 'name'>;

export interface ClientSessionOptions {
  /** 1-65535: that of the notification, or chosen by the client. Written as spec-notes ruling 10. */
  readonly sessionId: number;
  /** Who started: Alert 1200 (`server`) or 1201 (`client`). */
  readonly trigger: 'server' | 'client';
  readonly account: ClientAccount;
  /** Source/LocURI: the value of `./DevInfo/DevId`. */
  readonly deviceId: string;
  /** The leaves of DevInfo, for the Replace of package #1. */
  readonly devInfo: readonly ObjectLeaf[];
  /** Leaves of each management object that Requested-MO names, one further Replace each. Default none. */
  readonly requestedObjects?: readonly (readonly ObjectLeaf[])[];
  /** Further alerts for package #1. Default none. */
  readonly alerts?: readonly ClientAlert[];
  /**
   * True when the notification verified under the default nonce only: the session resynchronises the nonces
   * (DM-NOTI-1.2 §5.1). Default false.
   */
  readonly defaultNonce?: boolean;
  /**
   * True when the transport proved who the server is: its credentials are then not demanded. Default false: without
   * credentials of the server in the account, none of its commands is carried out.
   */
  readonly transportTrusted?: boolean;
  /** Default `1.2`. */
  readonly verDtd?: string;
  /** `DM/1.2` (default) or `DM/1.3`. */
  readonly verProto?: string;
  /** Octets of a message that this end takes; told to the server. Default 16384. */
  readonly maxMsgSize?: number;
  /** Octets of an object that this end takes; told to the server. Default 1048576. */
  readonly maxObjSize?: number;
  /** How the messages are encoded: it decides what fits into one, and how objects are counted. Default `xml`. */
  readonly encoding?: MessageForm;
  /** Carries out one item of a command. A rejection becomes status 500. */
  readonly execute: (command: TreeCommand, context: CommandContext) => Promise<CommandOutcome>;
  /** Without it, Atomic is answered 406. */
  readonly transaction?: AtomicTransaction;
  /** Without it, user interaction alerts are answered 406. `alert` is the very command of the message. */
  readonly interact?: (request: UserInteraction, alert: Alert) => Promise<UserResponse>;
  /** How often the session asks the server for better credentials before it gives up. Default 1. */
  readonly maxChallenges?: number;
  /**
   * Also takes credentials over the Base64 text of a nonce instead of its octets, as peers make them that never decode
   * it. Default false.
   */
  readonly acceptNonceText?: boolean;
  /** Messages that this end sends before it gives the session up. Default 10000. */
  readonly maxMessages?: number;
  /** Source of fresh nonces, 16 octets. Default: the system's secure generator. */
  readonly randomNonce?: () => Uint8Array;
}
