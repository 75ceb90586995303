// What a device makes of a request: a push for the DM client, or why not and what the peer is told (RFC 3261 §8.2,
// RFC 3428 §7, DM-NOTI-1.3 §7.3). Nothing that a proxy should have checked is taken for granted.
import {
  type CoreFields,
  dmApplicationId,
  headerValue,
  listOf,
  type MediaType,
  plainUser,
  readMediaType,
  readSipUri,
  type SipHeader,
  type SipRequest,
  type SipUri,
  singleField,
  unquote,
  wantedApplicationIds,
} from '../../codec/sip/index.ts';
import { DecodeError } from '../../core/index.ts';
import { kindOf, pushMimeTypes, pushParameters, type ReceivedPush } from '../index.ts';

/** A push that came over SIP. */
export interface ReceivedSipPush extends ReceivedPush {
  /** URI in From: a claim, unless the proxy is known to check it. */
  readonly sender: string;
  /** Request-URI as it arrived. */
  readonly requestUri: string;
  readonly callId: string;
}

/** Why a request is no push for us. */
export type Inadmissible =
  /** Another method, or an extension that we lack. */
  | 'method'
  | 'extension'
  /** OPTIONS, which is answered with what we can. */
  | 'options'
  /** Within a dialog, which pager mode does not have. */
  | 'dialog'
  /** For another user, or no SIP address. */
  | 'request-uri'
  | 'content-type'
  | 'content-encoding'
  /** Accept-Contact names other applications only, or none where one is wanted. */
  | 'application-id'
  | 'too-large'
  /** A header field that matters cannot be read. */
  | 'malformed';

/** What is to be done with a request. */
export type Admission =
  | { readonly push: Omit<ReceivedSipPush, 'from'> }
  | {
      readonly reason: Inadmissible;
      readonly detail: string;
      readonly status: number;
      readonly headers: readonly SipHeader[];
    };

/** What a device takes. */
export interface AdmissionRules {
  /** Whether a user part, without escapes, is of an address that is ours; `undefined` takes any. */
  readonly serves: ((user: string) => boolean) | undefined;
  /** Octets of a body, at most. */
  readonly maxPayload: number;
  /** True when Accept-Contact has to name the application. */
  readonly applicationIdRequired: boolean;
}

const allow: SipHeader = { name: 'Allow', value: 'MESSAGE, OPTIONS' };
const accept: SipHeader = { name: 'Accept', value: pushMimeTypes.join(', ') };
const acceptEncoding: SipHeader = { name: 'Accept-Encoding', value: 'identity' };
const supported: SipHeader = { name: 'Supported', value: 'gruu' };

/** Methods that belong to dialogs or transactions, of which we have none (§12.2.2, §9.2, RFC 6665 §4.1). */
const needsDialog: ReadonlySet<string> = new Set(['BYE', 'CANCEL', 'INFO', 'NOTIFY', 'PRACK', 'UPDATE']);
/** Others that we know and do not take. */
const known: ReadonlySet<string> = new Set(['INVITE', 'PUBLISH', 'REFER', 'REGISTER', 'SUBSCRIBE']);
/** Extensions that a request may require of us. */
const extensions: ReadonlySet<string> = new Set(['gruu']);

/** Decides about a request whose core fields could be read. */
export function admit(request: SipRequest, core: CoreFields, rules: AdmissionRules): Admission {
  try {
    return checkMethod(request, core) ?? checkAddress(request, rules) ?? checkContent(request, core, rules);
  } catch (error) {
    if (error instanceof DecodeError) return refuse('malformed', error.message, 400);
    throw error;
  }
}

function checkMethod(request: SipRequest, core: CoreFields): Admission | undefined {
  const { method } = request;
  if (needsDialog.has(method)) return refuse('dialog', `${method} to nothing of ours`, 481);
  if (method !== 'MESSAGE' && method !== 'OPTIONS') {
    return refuse('method', method.slice(0, 40), known.has(method) ? 405 : 501, [allow]);
  }
  const lacking = listOf(request, 'Require')
    .map(({ text }) => text)
    .filter((tag) => !extensions.has(tag.toLowerCase()));
  if (lacking.length > 0) {
    const value = lacking.join(', ');
    return refuse('extension', `requires ${value}`, 420, [{ name: 'Unsupported', value }]);
  }
  if (core.to.parameters.has('tag')) return refuse('dialog', `${method} within a dialog`, 481);
  return undefined;
}

function checkAddress({ method, requestUri }: SipRequest, { serves }: AdmissionRules): Admission | undefined {
  let uri: SipUri;
  try {
    uri = readSipUri({ text: requestUri, path: 'requestUri', offset: 0 });
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return refuse('request-uri', error.message, error.code === 'UNSUPPORTED' ? 416 : 400);
  }
  const user = plainUser(uri.user);
  // A proxy that asks what we can may leave the user out.
  const forUs = user === undefined ? method === 'OPTIONS' : serves?.(user) !== false;
  if (!forUs) return refuse('request-uri', `${requestUri.slice(0, 200)} is not ours`, 404);
  if (method !== 'OPTIONS') return undefined;
  return refuse('options', 'asked what we can', 200, [allow, accept, acceptEncoding, supported]);
}

function checkContent(request: SipRequest, core: CoreFields, rules: AdmissionRules): Admission {
  const encoding = headerValue(request, 'Content-Encoding')?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    return refuse('content-encoding', `Content-Encoding ${encoding.slice(0, 40)}`, 415, [
      accept,
      acceptEncoding,
    ]);
  }
  const field = singleField(request, 'Content-Type');
  const type: MediaType | undefined = field === undefined ? undefined : readMediaType(field);
  if (type === undefined || kindOf(type.mime) === undefined) {
    const shown = type === undefined ? 'no Content-Type' : type.mime.slice(0, 100);
    return refuse('content-type', shown, 415, [accept, acceptEncoding]);
  }
  const wanted = wantedApplicationIds(request);
  if (wanted === undefined ? rules.applicationIdRequired : !wanted.includes(dmApplicationId)) {
    const shown = wanted === undefined ? 'no application named' : wanted.join(', ').slice(0, 100);
    // What a proxy says that finds nobody with these features (RFC 3841 §7.2.1).
    return refuse('application-id', shown, 480);
  }
  const { length } = request.body;
  if (length > rules.maxPayload) {
    return refuse('too-large', `${length} octets, at most ${rules.maxPayload} are taken`, 413);
  }
  const parameters: Record<string, string> = {};
  for (const [name, value] of type.parameters) parameters[name] = value === null ? '' : unquote(value);
  return {
    push: {
      binding: 'sip',
      contentType: { mime: type.mime, code: undefined },
      parameters: pushParameters(parameters),
      body: request.body,
      sender: core.from.uri,
      requestUri: request.requestUri,
      callId: core.callId,
    },
  };
}

function refuse(
  reason: Inadmissible,
  detail: string,
  status: number,
  headers: readonly SipHeader[] = [],
): Admission {
  return { reason, detail, status, headers };
}
