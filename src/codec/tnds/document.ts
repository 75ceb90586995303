// A TNDS document as data (OMA DM Tree and Description Serialization 1.2; DM-TNDS-1.2).
import type { XmlElement } from '../xml/index.ts';

/** Names of the Format property, as the DTD lists them. */
export const nodeFormats = [
  'b64',
  'bin',
  'bool',
  'chr',
  'int',
  'node',
  'null',
  'xml',
  'date',
  'time',
  'float',
] as const;

/** How a node's value is to be read; `node` is an interior node. */
export type NodeFormat = (typeof nodeFormats)[number];

/** True for one of `nodeFormats`. */
export function isNodeFormat(text: string): text is NodeFormat {
  return (nodeFormats as readonly string[]).includes(text);
}

/** Type of a leaf (MIME) or of an interior node (identifier of a management object, empty for none). */
export type TndsType = { readonly mime: string } | { readonly ddfName: string };

/** RTProperties: what a node carries at run time. An absent property is not spoken of. */
export interface TndsProperties {
  /** As written; empty means inherited. */
  readonly acl?: string;
  readonly format?: NodeFormat;
  readonly name?: string;
  /** Octets of the decoded value, 0-4294967295. */
  readonly size?: number;
  readonly title?: string;
  /** Basic ISO 8601 in UTC, such as `20010711T163817Z`. */
  readonly tstamp?: string;
  readonly type?: TndsType;
  /** 0-65535. */
  readonly verNo?: number;
}

/** One node. It has child nodes or a value, never both. */
export interface TndsNode {
  /** Absent: the client chooses by Type; empty: the last segment of the command's Target. */
  readonly name?: string;
  /** URI up to the node, relative to the command's Target. Meant for children of MgmtTree. */
  readonly path?: string;
  readonly properties?: TndsProperties;
  /** DFProperties of a description, kept as they came. */
  readonly dfProperties?: XmlElement;
  /** Octets for `b64` and `bin`, text for the rest; absent when the document leaves it open. */
  readonly value?: string | Uint8Array;
  readonly nodes: readonly TndsNode[];
}

/** A whole document (MgmtTree). */
export interface TndsDocument {
  /** `1.2`. */
  readonly verDtd: string;
  /** Manufacturer of the device that it comes from. */
  readonly man?: string;
  /** Model of that device. */
  readonly mod?: string;
  readonly nodes: readonly TndsNode[];
}
