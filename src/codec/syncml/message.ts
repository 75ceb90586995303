// A DM message as data: SyncML representation 1.2 with the names that the DTD prints, in camelCase.
import type { XmlElement } from '../xml/index.ts';

/** Target or Source: where something is. */
export interface Location {
  readonly uri: string;
  /** LocName: for a client's Source, the name that it authenticates with. */
  readonly name?: string;
}

/** Content of a Data element: text, raw octets (WBXML OPAQUE), or an inline document (`MgmtTree`). */
export type Data = string | Uint8Array | XmlElement;

/** Meta: what MetInf says about an item, a command, a Cred or the whole message. Absent means default. */
export interface Meta {
  /** `b64 bin bool chr int node null xml date time float`; default `chr`. */
  readonly format?: string;
  /** MIME type, MO identifier, or authentication type; default `text/plain`. */
  readonly type?: string;
  /** Octets as transmitted. */
  readonly size?: number;
  /** `fatal critical minor warning informational harmless indeterminate` (Generic Alert). */
  readonly mark?: string;
  /** Decoded octets, whatever form they travelled in. */
  readonly nextNonce?: Uint8Array;
  /** Largest message, in octets, that the sender can take. */
  readonly maxMsgSize?: number;
  /** Largest object, in octets, that the sender can take. */
  readonly maxObjSize?: number;
  readonly version?: string;
  /** Experimental or vendor text. */
  readonly emi?: readonly string[];
}

/** Credentials of the sender of a message (in SyncHdr only). */
export interface Cred {
  /** Type, such as `syncml:auth-md5`, and Format. */
  readonly meta?: Meta;
  /** Text as sent: Base64 for `b64`. */
  readonly data: string;
}

/** A challenge: Type, Format and, for md5 and MAC, NextNonce. */
export interface Chal {
  readonly meta: Meta;
}

/** SyncHdr: who talks to whom, in which session and message. */
export interface SyncHdr {
  readonly verDtd: string;
  readonly verProto: string;
  /** 1–4 upper-case hex digits as we write it (spec-notes ruling 10); as read, whatever the peer wrote. */
  readonly sessionId: string;
  readonly msgId: string;
  readonly target: Location;
  readonly source: Location;
  /** Where the next message of the peer should go. */
  readonly respUri?: string;
  readonly noResp?: boolean;
  readonly cred?: Cred;
  readonly meta?: Meta;
}

/** What a command acts on or carries. */
export interface Item {
  readonly target?: Location;
  readonly source?: Location;
  readonly meta?: Meta;
  readonly data?: Data;
  /** True on every chunk of a large object but the last. */
  readonly moreData?: boolean;
}

interface CommandBase {
  /** Unique in its message, not `0`. */
  readonly cmdId: string;
  readonly noResp?: boolean;
  readonly meta?: Meta;
}

export interface ItemCommand extends CommandBase {
  readonly name: 'Add' | 'Replace' | 'Delete' | 'Copy' | 'Get';
  readonly items: readonly Item[];
}

export interface Exec extends CommandBase {
  readonly name: 'Exec';
  /** Echoed in the Generic Alert that reports an asynchronous end. */
  readonly correlator?: string;
  readonly items: readonly Item[];
}

export interface Alert extends CommandBase {
  readonly name: 'Alert';
  /** Alert code, such as `1200`. */
  readonly data?: string;
  readonly correlator?: string;
  readonly items: readonly Item[];
}

export interface CommandGroup extends CommandBase {
  readonly name: 'Atomic' | 'Sequence';
  readonly commands: readonly ManagementCommand[];
}

export interface Status extends CommandBase {
  readonly name: 'Status';
  /** MsgID of the message that is answered. */
  readonly msgRef: string;
  /** CmdID of the command that is answered; `0` is SyncHdr. */
  readonly cmdRef: string;
  /** Name of the command that is answered, or `SyncHdr`. */
  readonly cmd: string;
  readonly targetRefs: readonly string[];
  readonly sourceRefs: readonly string[];
  readonly chal?: Chal;
  /** Status code. */
  readonly data: string;
  readonly items: readonly Item[];
}

export interface Results extends CommandBase {
  readonly name: 'Results';
  readonly msgRef?: string;
  readonly cmdRef: string;
  readonly targetRef?: string;
  readonly sourceRef?: string;
  readonly items: readonly Item[];
}

/**
 * A command that DM does not use (data synchronisation, vendors), one in a place where it is not allowed, or one that
 * cannot be read. The receiver answers its CmdID with a Status of failure.
 */
export interface UnknownCommand extends CommandBase {
  readonly name: 'Unknown';
  /** The command as it came; its name is what Status has in Cmd. */
  readonly element: XmlElement;
  /**
   * The status that answers a command of DM that cannot be read: 412 when its Item or its commands are missing, else 400,
   * as for a CmdID that is missing (then `cmdId` is empty), `0` or used twice. Absent when DM does not use the command.
   */
  readonly fault?: 400 | 412;
  /** Beside `fault`: what is wrong, and where; it quotes no values but numbers that are none. */
  readonly why?: string;
}

/** Commands that ask for something, and so may stand in Atomic and Sequence. */
export type ManagementCommand = ItemCommand | Exec | Alert | CommandGroup | UnknownCommand;

/** Everything that a SyncBody may hold in DM. */
export type DmCommand = ManagementCommand | Status | Results;

/** One DM message. */
export interface DmMessage {
  readonly header: SyncHdr;
  readonly commands: readonly DmCommand[];
  /** True in the last message of a package. */
  readonly final: boolean;
  /** Further children of SyncML, such as an XML signature. */
  readonly extensions?: readonly XmlElement[];
}
