// What a family of DM clients can take, as data: each row with where it stands and how it was seen (docs/families.md).
import type { Initiator, NotificationFormat } from '../codec/notification/index.ts';
import type { WbxmlVersion } from '../codec/wbxml/index.ts';

/** Families, by the names that device records have. */
export const familyNames = ['generic', 'aosp', 'samsung', 'windows', 'libdmclient'] as const;
export type FamilyName = (typeof familyNames)[number];

/**
 * How a row was seen. `code`: read in the client's published source. `listing`: read in a published listing of the
 * client's program. `vendor`: its maker says so. `run`: the client was watched; what is at hand is the description of it.
 */
export type Seen = 'code' | 'listing' | 'vendor' | 'run';

/** One row: what holds, and why we say so. */
export interface Row<Value> {
  readonly value: Value;
  /** Where it stands: project and file, document, or what was watched. */
  readonly source: string;
  readonly seen: Seen;
}

/** What bootstraps are made of: a DM message whose tree stands in ./Inbox, or Client Provisioning. */
export type BootstrapProfile = 'dm' | 'cp';

/** What rows can say. A row that is absent says nothing: what the specifications allow is taken to hold. */
export interface FamilyTraits {
  /** Octets of the Server-ID in Package #0, at most. */
  readonly serverIdMaxOctets: number;
  /** Octets of Package #0 that the MD5 digest covers, at most. */
  readonly triggerMaxOctets: number;
  /** Octets of a nonce, at most. */
  readonly nonceMaxOctets: number;
  /** Formats of Package #0 that are read, the one to choose first. */
  readonly notificationFormats: readonly NotificationFormat[];
  /** Initiators that bring a session under the Session-ID of the push. */
  readonly initiators: readonly Initiator[];
  /** WSP content type numbers that reach the client; what comes as text counts by the number of its registered name. */
  readonly wspContentTypes: readonly number[];
  /** What stands for the server identifier in the MD5 digest: AAuthName of SRVCRED. */
  readonly digestName: 'auth-name';
  /** `fails`: its own check of the MD5 digest never comes out right. */
  readonly digestCheck: 'fails';
  /** `another`: its default nonce is not four zero octets, so a resynchronisation does not come about. */
  readonly defaultNonce: 'another';
  /** How Package #0 has to be written over routes of IP that bring no WSP headers. */
  readonly ipBody: 'base64';
  /** WBXML versions that are read, the one to write first. */
  readonly wbxmlVersions: readonly WbxmlVersion[];
  /** `taken`: the one to choose; `lost`: read, and no account comes of it. */
  readonly bootstraps: Readonly<Partial<Record<BootstrapProfile, 'taken' | 'lost'>>>;
  /** How it spells a Session-ID of ours: decimal digits, or hex of the two octets swapped. */
  readonly sessionIdSpelling: 'decimal' | 'swapped';
  /** Commands that it refuses, with the status that it answers. */
  readonly refusedCommands: Readonly<Partial<Record<'Copy', number>>>;
  /** `last-piece`: of a large object in pieces it keeps the last one only. */
  readonly largeObjects: 'last-piece';
  /** `one`: an Add and a Replace of the same node in one Atomic are not supported. */
  readonly atomicChanges: 'one';
}

/** Name of a row. */
export type FamilyRow = keyof FamilyTraits;

/** A family. */
export interface Family {
  readonly name: FamilyName;
  /** Whom it stands for, in one line. */
  readonly about: string;
  readonly rows: { readonly [Name in FamilyRow]?: Row<FamilyTraits[Name]> };
}
