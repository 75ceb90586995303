// What was found, as one plain object: what `reveille decode --json` prints (docs/command-line.md), and the inspector shows.
import type { DecodedNotification, NonceUsed } from '../../codec/notification/index.ts';
import { writeXml } from '../../codec/xml/index.ts';
import { bytesToHex, DecodeError, type Deviation, type ReveilleError, ValueError } from '../../core/index.ts';
import type { Findings, Payload } from '../layers/findings.ts';
import { PasteError } from '../paste-forms/paste-error.ts';
import { type LayerObject, layerObjects } from './layer-objects.ts';

/** Where octets or text could not be read. */
export interface ExplainedError {
  readonly code: string;
  readonly message: string;
  /** Octet in the whole input; null where no octet is at fault. */
  readonly offset: number | null;
  readonly field: string;
  /** Document and section; empty where none says it. */
  readonly section: string;
  /** Of a text that was pasted: from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** One message, explained. Fields of the payload stand in it beside the layers. */
export interface Explanation {
  readonly error?: ExplainedError;
  /** `dm1.2`, `dm+wbxml`, or the innermost layer; absent where reading ended before it was known. */
  readonly format?: string | null;
  /** The JSON form of Package #0, or a document as XML. */
  readonly message?: object | string | null;
  /** Of Package #0, in hex. */
  readonly digest?: string | null;
  /** Whether the digest holds; null when no secret was given. */
  readonly verified?: boolean | null;
  readonly nonce?: NonceUsed | null;
  /** Other formats that the octets read as. */
  readonly alternatives?: readonly object[];
  readonly deviations?: readonly Deviation[];
  readonly layers: readonly LayerObject[];
}

/** More about a document that holds a DM message: fields that are added to its explanation. */
export type MoreOfMessage = (message: Extract<Payload, { readonly kind: 'message' }>) => object;

/** The object for one message; `error` says where decoding stopped, or why no DM client takes what was decoded. */
export function explanationOf(
  findings: Findings,
  error: ReveilleError | undefined,
  moreOfMessage: MoreOfMessage = () => ({}),
): Explanation {
  return { ...explanationHead(findings, error, moreOfMessage), layers: layerObjects(findings.layers) };
}

/** What stands in the object for one message before its layers. */
export function explanationHead(
  findings: Findings,
  error: ReveilleError | undefined,
  moreOfMessage: MoreOfMessage = () => ({}),
): Omit<Explanation, 'layers'> {
  const { payload, refusal } = findings;
  // Of what was not read to its end there are the layers only.
  const whole = error === undefined || error === refusal;
  const decoded = whole ? (payload ? payloadObject(payload, moreOfMessage) : bareObject(findings)) : {};
  return {
    ...(error === undefined ? {} : { error: explainedError(error) }),
    ...decoded,
    ...(whole || findings.layers.length > 0 ? { deviations: findings.deviations } : {}),
  };
}

/** An error with its place. */
export function explainedError(error: ReveilleError): ExplainedError {
  const place =
    error instanceof DecodeError
      ? { offset: error.at.offset, field: error.at.path, section: `${error.spec.doc} §${error.spec.section}` }
      : { offset: null, field: error instanceof ValueError ? error.path : '', section: '' };
  const pasted = error instanceof PasteError ? { line: error.line, column: error.column } : {};
  return { code: error.code, message: error.message, ...place, ...pasted };
}

const nothingVerified = { digest: null, verified: null, nonce: null } as const;

function payloadObject(payload: Payload, moreOfMessage: MoreOfMessage): object {
  if (payload.kind !== 'notification') {
    const format = `${payload.kind === 'message' ? 'dm' : payload.type}+${payload.form}`;
    const bare = { format, message: writeXml(payload.root, { lenient: true }), ...nothingVerified };
    return payload.kind === 'document' ? bare : { ...bare, ...moreOfMessage(payload) };
  }
  const { decoded, nonce } = payload;
  return {
    ...notificationObject(decoded, nonce),
    ...(decoded.alternatives === undefined
      ? {}
      : { alternatives: decoded.alternatives.map((other) => notificationObject(other, nonce)) }),
  };
}

/** Where nothing stands in the layers: the innermost is what was decoded. */
function bareObject({ layers }: Findings): object {
  return { format: layers.at(-1)?.name ?? null, message: null, ...nothingVerified };
}

function notificationObject(decoded: DecodedNotification, nonce: NonceUsed | null | undefined): object {
  const { format, ...fields } = decoded.message;
  return {
    format,
    message: { format, ...fields },
    digest: bytesToHex(decoded.digest),
    verified: nonce === undefined ? null : nonce !== null,
    // The time stamp of dm1.3 is in the message: no nonce was given.
    nonce: format === 'dm1.3' ? null : (nonce ?? null),
  };
}
