// What `reveille decode --json` prints: one object a line (docs/command-line.md).
import type { DecodedNotification, NonceUsed } from '../codec/notification/index.ts';
import { writeXml } from '../codec/xml/index.ts';
import { bytesToHex, DecodeError, type ReveilleError, ValueError } from '../core/index.ts';
import { encryptedParts } from '../security/index.ts';
import type { Findings } from './layers.ts';
import { signatureFacts } from './signature-facts.ts';

/** The line for something that was decoded. */
export function renderJson(findings: Findings): string {
  const { payload } = findings;
  if (payload === undefined)
    return JSON.stringify({ error: { code: 'EMPTY', message: 'nothing was decoded' } });
  if (payload.kind === 'message') {
    const signature = signatureFacts(payload);
    const encrypted = encryptedParts(payload.root);
    return JSON.stringify({
      format: `dm+${payload.form}`,
      message: writeXml(payload.root, { lenient: true }),
      digest: null,
      verified: null,
      nonce: null,
      deviations: findings.deviations,
      ...(signature.state !== 'absent' && { signature }),
      ...(encrypted.length > 0 && { encrypted }),
    });
  }
  const { decoded, nonce } = payload;
  return JSON.stringify({
    ...notificationObject(decoded, nonce),
    deviations: findings.deviations,
    ...(decoded.alternatives === undefined
      ? {}
      : { alternatives: decoded.alternatives.map((other) => notificationObject(other, nonce)) }),
  });
}

/** The line for something that was not. */
export function renderJsonError(error: ReveilleError): string {
  const place =
    error instanceof DecodeError
      ? { offset: error.at.offset, field: error.at.path, section: `${error.spec.doc} §${error.spec.section}` }
      : { offset: null, field: error instanceof ValueError ? error.path : '', section: '' };
  return JSON.stringify({ error: { code: error.code, message: error.message, ...place } });
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
