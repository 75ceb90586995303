// A POST to the push service as data: direct or in an envelope, for DM or not (OMA PushOTA).
import { type MimeHeader, mimeHeader, parseMimeType } from '../../codec/pap/index.ts';
import { DecodeError } from '../../core/index.ts';
import { type PushMediaType, pushMediaType } from '../index.ts';
import { envelopeType, readEnvelope } from './envelope.ts';
import { fieldNames, isDmApplicationId } from './header-names.ts';
import type { HttpPushForm } from './sender-options.ts';

/** A request, whole. */
export interface HttpPushRequest {
  readonly method: string;
  /** Request target as on the wire. */
  readonly target: string;
  readonly headers: readonly MimeHeader[];
  readonly body: Uint8Array;
  /** Where it comes from, for logs. */
  readonly from: string;
  readonly tls: boolean;
  /** Names a client certificate that was verified. */
  readonly clientCertificate?: string | undefined;
}

/** What a request carries. */
export type RequestReading =
  | {
      readonly kind: 'push';
      readonly form: HttpPushForm;
      readonly type: PushMediaType;
      readonly headers: readonly MimeHeader[];
      readonly body: Uint8Array;
    }
  /** An envelope without a body, as sent by those that wait for a challenge. */
  | { readonly kind: 'empty-envelope' }
  | {
      readonly kind: 'refused';
      readonly reason: 'malformed' | 'content-type' | 'application-id';
      readonly detail: string;
    };

/** Reads a POST. */
export function readRequest(request: HttpPushRequest, applicationIdRequired: boolean): RequestReading {
  const encoding = mimeHeader(request.headers, 'content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    return refused('content-type', `content encoding ${shown(encoding)}`);
  const outer = mimeHeader(request.headers, 'content-type') ?? '';
  if (parseMimeType(outer)?.mime !== envelopeType) {
    return readContent(request, 'direct', request.headers, applicationIdRequired);
  }
  if (request.body.length === 0) return { kind: 'empty-envelope' };
  try {
    const { headers, body } = readEnvelope(request.body);
    return readContent({ ...request, body }, 'envelope', headers, applicationIdRequired);
  } catch (error) {
    if (error instanceof DecodeError) return refused('malformed', error.message);
    throw error;
  }
}

function readContent(
  { body }: HttpPushRequest,
  form: HttpPushForm,
  headers: readonly MimeHeader[],
  applicationIdRequired: boolean,
): RequestReading {
  const contentType = mimeHeader(headers, 'content-type');
  const named = parseMimeType(contentType ?? '');
  const type = named && pushMediaType(named.mime, named.parameters);
  if (type === undefined) {
    return refused(
      'content-type',
      contentType === undefined ? 'no content type' : `content type ${shown(contentType)}`,
    );
  }
  const applicationId = mimeHeader(headers, fieldNames.applicationId);
  if (applicationId === undefined ? applicationIdRequired : !isDmApplicationId(applicationId)) {
    const detail =
      applicationId === undefined
        ? 'no application id'
        : `application id ${shown(applicationId)}, not syncml.dm`;
    return refused('application-id', detail);
  }
  return { kind: 'push', form, type, headers, body };
}

function refused(
  reason: 'malformed' | 'content-type' | 'application-id',
  detail: string,
): RequestReading & { readonly kind: 'refused' } {
  return { kind: 'refused', reason, detail };
}

/** A peer's text, fit for one line of a log. */
function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
