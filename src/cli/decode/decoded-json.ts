// What `reveille decode --json` prints: one object a line (docs/command-line.md).
import type { DecodedNotification, NonceUsed } from '../../codec/notification/index.ts';
import { writeXml } from '../../codec/xml/index.ts';
import { bytesToHex, DecodeError, type ReveilleError, ValueError } from '../../core/index.ts';
import { encryptedParts } from '../../security/index.ts';
import type { Findings } from '../layers/findings.ts';
import { signatureFacts } from '../message/signature-facts.ts';
import { PasteError } from '../pasted/paste-error.ts';
import { layerObjects } from './layer-objects.ts';

/** The line for one message; `error` says where decoding stopped, or why no DM client takes what was decoded. */
export function renderJson(findings: Findings, error: ReveilleError | undefined): string {
  const { payload, refusal } = findings;
  // Of what was not read to its end there are the layers only.
  const whole = error === undefined || error === refusal;
  const decoded = !whole ? {} : payload === undefined ? bareObject(findings) : payloadObject(payload);
  return JSON.stringify({
    ...(error === undefined ? {} : errorObject(error)),
    ...decoded,
    ...(whole || findings.layers.length > 0 ? { deviations: findings.deviations } : {}),
    layers: layerObjects(findings.layers),
  });
}

/** The line for something that could not be read at all. */
export function renderJsonError(error: ReveilleError): string {
  return JSON.stringify(errorObject(error));
}

function payloadObject(payload: NonNullable<Findings['payload']>): object {
  if (payload.kind !== 'notification') {
    const format = `${payload.kind === 'message' ? 'dm' : payload.type}+${payload.form}`;
    const bare = { format, message: writeXml(payload.root, { lenient: true }), ...nothingVerified };
    if (payload.kind === 'document') return bare;
    const signature = signatureFacts(payload);
    const encrypted = encryptedParts(payload.root);
    return {
      ...bare,
      ...(signature.state !== 'absent' && { signature }),
      ...(encrypted.length > 0 && { encrypted }),
    };
  }
  const { decoded, nonce } = payload;
  return {
    ...notificationObject(decoded, nonce),
    ...(decoded.alternatives === undefined
      ? {}
      : { alternatives: decoded.alternatives.map((other) => notificationObject(other, nonce)) }),
  };
}

const nothingVerified = { digest: null, verified: null, nonce: null } as const;

/** Where nothing stands in the layers: the innermost is what was decoded. */
function bareObject({ layers }: Findings): object {
  return { format: layers.at(-1)?.name ?? null, message: null, ...nothingVerified };
}

function errorObject(error: ReveilleError): object {
  const place =
    error instanceof DecodeError
      ? { offset: error.at.offset, field: error.at.path, section: `${error.spec.doc} §${error.spec.section}` }
      : { offset: null, field: error instanceof ValueError ? error.path : '', section: '' };
  const pasted = error instanceof PasteError ? { line: error.line, column: error.column } : {};
  return { error: { code: error.code, message: error.message, ...place, ...pasted } };
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
