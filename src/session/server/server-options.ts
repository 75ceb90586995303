// What a server gives to its end of a DM session.
import type { ManagementCommand, MessageForm } from '../../codec/syncml/index.ts';
import type { AuthScheme, SessionCredentials } from '../../security/index.ts';
import type { ClientReport } from '../contract/contract.ts';
import type { SessionMemory } from '../message/memory.ts';
import type { Verifier } from '../proof/verifier.ts';

/** Where a server session takes its commands from. */
export interface CommandProvider {
  /**
   * The commands of the next package; none ends the session, unless it still waits for an answer of its own (see
   * `confirmCredentials`): then this is called again after it. Called only after the client is authenticated and has
   * answered all earlier ones. Their CmdIDs are the provider's own marks: the session numbers them anew for the wire,
   * and effects give back the objects themselves.
   *
   * `said` is what the client said in this step so far. The very same effects are in the step that the host gets, once
   * this has resolved: a provider that depends on them need not wait for the host.
   */
  next(said: readonly ClientReport[]): Promise<readonly ManagementCommand[]>;
}

/** Challenges before a session gives up, unless it says otherwise. */
export const defaultMaxChallenges = 1;

export interface ServerSessionOptions {
  /**
   * The Session-ID of a notification, 1-65535, which matches in any spelling (`sessionIdOf` reads it from the client's first
   * message). Or the text that a client made up for a session which it began, which matches as it is.
   */
  readonly sessionId: number | string;
  /** ServerID. */
  readonly serverId: string;
  /** Source/LocURI of the server's messages: its address. */
  readonly serverUri: string;
  /** Source/LocURI that the client must have. */
  readonly deviceId: string;
  /** CLCRED as the server knows it; without it, nothing but a trusted transport can vouch for the client. */
  readonly client?: SessionCredentials;
  /** Schemes that the client may prove itself with. Default: that of `client`, and stronger ones. */
  readonly clientSchemes?: readonly AuthScheme[];
  /** SRVCRED: what the server proves itself with; absent when it relies on the transport. */
  readonly server?: SessionCredentials;
  /** Schemes that a challenge may move the server to. Default: that of `server`, and stronger ones. */
  readonly serverSchemes?: readonly AuthScheme[];
  /**
   * True when this Session-ID belongs to a notification that was sent under the default nonce: the client may take
   * the default nonce once, and the nonces are resynchronised (spec-notes ruling 12). Default false.
   */
  readonly acceptDefaultNonce?: boolean;
  /**
   * Sends a Get of `./DevInfo/DevId` of its own when there are no commands and the client has not said yet whether the
   * server's credentials hold: else a client that refuses them would stay silent, and the session count as completed
   * (spec-notes ruling 15). Its answer is not reported. Without `server` there is nothing to ask. Default true.
   */
  readonly confirmCredentials?: boolean;
  /**
   * Nonces of challenges that went to this client before the session began: credentials over one of them are taken like
   * those over the nonce of `client`. Default none.
   */
  readonly challengeNonces?: readonly Uint8Array[];
  /** What has judged the first message already (`admit`), with the options of this session; it is not judged again. */
  readonly verifier?: Verifier;
  /** MsgIDs that answers to this client took before the session began, from 1. Default 0. */
  readonly messagesBefore?: number;
  /** True when the transport proved who the client is: its credentials are then not demanded. Default false. */
  readonly transportTrusted?: boolean;
  readonly commands: CommandProvider;
  /** Where the client is to send its next messages, such as a URL with a token. Default: it stays where it is. */
  readonly respUri?: string;
  /** Octets of a message that this end takes; told to the client. Default 65536. */
  readonly maxMsgSize?: number;
  /** Octets of an object that this end takes; told to the client. Default 1048576. */
  readonly maxObjSize?: number;
  /** How the messages are encoded: it decides what fits into one, and how objects are counted. Default `xml`. */
  readonly encoding?: MessageForm;
  /** How often the session challenges the client before it gives up. Default 1. */
  readonly maxChallenges?: number;
  /**
   * Also takes credentials over the Base64 text of a nonce instead of its octets, as peers make them that never decode
   * it. Default false.
   */
  readonly acceptNonceText?: boolean;
  /**
   * Counts what is held for the client: pieces of objects, answers, commands that are under way, the last message. Where
   * there is no room an object or an answer is refused with 413, and a session that needs commands ends. Default: without
   * bounds.
   */
  readonly memory?: SessionMemory;
  /** Messages that this end sends before it gives the session up. Default 10000. */
  readonly maxMessages?: number;
  /** Source of fresh nonces, 16 octets. Default: the system's secure generator. */
  readonly randomNonce?: () => Uint8Array;
}
