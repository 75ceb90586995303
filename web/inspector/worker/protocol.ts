// What the page and its worker say to each other. The worker holds the messages; the page has only what it shows.
import type { FamilyName, Finding } from '../../../src/families/index.ts';
import type { Explanation, FieldObject, LayerName } from '../../../src/inspect/index.ts';

/** What is opened: a text that was pasted, a file, or octets of a link. */
export type Source =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly file: Blob; readonly name: string }
  | { readonly kind: 'octets'; readonly parts: readonly Uint8Array[] };

/** What messages are held against. Secrets stand in it: it goes to the worker of this page, and nowhere else. */
export interface Settings {
  /** Outermost layer of the octets; `auto` finds it out. */
  readonly as: LayerName;
  /** Number of the content type of a bare body, where no layer around it says it. */
  readonly contentType?: number;
  readonly secret?: string;
  /** The nonce in Base64, as typed; empty: the nonce is. Absent: the default nonce. */
  readonly nonce?: string;
  /** What is hashed with the secret, where it is not the Server-ID of the message. */
  readonly identifier?: string;
  readonly family?: FamilyName;
  /** What opens what is protected in a capture; another one means that the capture is read anew. */
  readonly opening?: CaptureKeys;
}

/** Keys of a capture, as typed. */
export interface CaptureKeys {
  /** Identity and shared secret of WTLS; the secret is text, as configurations have it, or hex where `hex` says so. */
  readonly wtls?: { readonly identity: string; readonly secret: string; readonly hex?: boolean };
  /** Key log of TLS (SSLKEYLOGFILE). */
  readonly tlsKeyLog?: string;
}

/** Which messages of a list are shown. */
export interface Filter {
  /** Part of what a row says; case does not count. */
  readonly text: string;
  /** Name of a layer that the message has; empty: any. */
  readonly protocol: string;
  /** One of the kinds of rows; empty: any. */
  readonly kind: string;
}

/** A message in the list. */
export interface Row {
  /** From 1, in the order of the input. */
  readonly number: number;
  /** When it was seen, in ISO 8601, where the input says it. */
  readonly time?: string;
  /** Names of its layers, outermost first, with spaces. */
  readonly protocols: string;
  /** `dm1.2`, `dm+wbxml`, the innermost layer, or `unread`. */
  readonly kind: string;
  /** What it says, in one line. */
  readonly text: string;
  readonly state: 'read' | 'doubtful' | 'error';
}

/** A field, and the layer that it stands in. */
export interface ViewField extends Omit<FieldObject, 'raw'> {
  /** Index in `layers`. */
  readonly layer: number;
}

/** A layer: its fields are `count` of `fields` from `first` on. */
export interface ViewLayer {
  readonly name: string;
  readonly title: string;
  /** Index in `spaces`: what its offsets count in. */
  readonly space: number;
  readonly offset: number;
  readonly length: number;
  readonly first: number;
  readonly count: number;
}

/** Octets that offsets count in: those that were given, or those that were put together from several places. */
export interface Space {
  readonly title: string;
  readonly octets: Uint8Array;
}

/** What a family would refuse of a message, or why that cannot be said. */
export interface FamilyVerdict {
  readonly family: FamilyName;
  readonly what: string;
  readonly findings: readonly Finding[];
}

/** One message, explained, as the page shows it. */
export interface MessageView {
  readonly number: number;
  readonly row: Row;
  /** Where it was seen, and what there is to say of that; empty for what no capture brought. */
  readonly seen: readonly string[];
  readonly spaces: readonly Space[];
  readonly layers: readonly ViewLayer[];
  readonly fields: readonly ViewField[];
  readonly explanation: Omit<Explanation, 'layers'>;
  readonly family?: FamilyVerdict;
  /** Octets as given, for a link; absent where a link cannot hold what the message was read from. */
  readonly parts?: readonly Uint8Array[];
  /** Why there are no `parts`. */
  readonly unlinked?: string;
  /** What secret these octets may hold; absent where nothing in them looks like one. */
  readonly mayHold?: string;
}

/** Something that could not be read at all. */
export interface Trouble {
  readonly message: string;
  /** Octet of the file, where one is at fault. */
  readonly offset?: number;
  readonly line?: number;
  readonly column?: number;
}

/** What the page asks. `opening` tells answers of one input from those of the one before it. */
export type Request =
  | { readonly kind: 'open'; readonly opening: number; readonly source: Source; readonly settings: Settings }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'find'; readonly filter: Filter }
  | { readonly kind: 'rows'; readonly from: number; readonly to: number }
  | {
      readonly kind: 'explain';
      readonly ticket: number;
      readonly number: number;
      readonly settings: Settings;
    };

/** How far reading has come. */
export interface Progress {
  readonly opening: number;
  /** Octets read, and of how many. */
  readonly read: number;
  readonly total: number;
  readonly messages: number;
  readonly state: 'reading' | 'done' | 'cancelled';
  /** The form that the input was read as. */
  readonly form?: string;
  /** Why reading ended early. */
  readonly trouble?: Trouble;
}

/** What the worker says. */
export type Answer =
  | ({ readonly kind: 'progress' } & Progress)
  | {
      readonly kind: 'found';
      readonly opening: number;
      readonly count: number;
      /** Layers and kinds that rows have, to choose from. */
      readonly protocols: readonly string[];
      readonly kinds: readonly string[];
    }
  | { readonly kind: 'rows'; readonly opening: number; readonly from: number; readonly rows: readonly Row[] }
  | { readonly kind: 'message'; readonly ticket: number; readonly view: MessageView }
  | { readonly kind: 'trouble'; readonly ticket: number; readonly trouble: Trouble };
