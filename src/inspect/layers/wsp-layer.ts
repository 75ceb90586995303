// A WSP PDU: pushes for DM, and others, which are named.
import { classifyPush, decodePush, pduTypeNames, pduTypes, type WspPush } from '../../codec/wsp/index.ts';
import { DecodeError } from '../../core/index.ts';
import { takeBody, takeForeignBody } from './body-layer.ts';
import { addContent, addLayer, type Decoding, holds, part, type Span } from './findings.ts';

/**
 * Reads a WSP PDU and what it carries. What no DM client would take is read all the same, and refused in the findings.
 * @throws {DecodeError}
 */
export function takeWsp(span: Span, decoding: Decoding): void {
  const { octets, start } = span;
  const { layer, annotate } = addLayer(decoding, span, 'wsp', 'WSP connectionless push');
  const name = pduTypeNames.get(octets[start + 1] ?? 0);
  if (octets[start + 1] !== pduTypes.push && name !== undefined) layer.title = `WSP ${name}`;
  const push = decodePush(octets, {
    start,
    annotate: (annotation) => {
      if (annotation.field !== 'body') annotate(annotation);
    },
  });
  const verdict = classifyPush(push);
  const body = part(span, push.bodyOffset);
  if (verdict.accepted) {
    const { mime, code } = verdict.contentType;
    takeBody(body, { mime, ...(code === undefined ? {} : { code }) }, decoding);
    return;
  }
  const fields = {
    'pdu-type': 'pduType',
    'application-id': 'X-Wap-Application-Id',
    'content-type': 'contentType',
  };
  const path = fields[verdict.reason];
  const offset = layer.annotations.find((annotation) => annotation.field.startsWith(path))?.offset ?? start;
  const missing =
    verdict.reason === 'application-id' && push.applicationIds.length === 0
      ? '; what is missing is the header X-Wap-Application-Id: x-wap-application:syncml.dm (octets AF 87)'
      : '';
  decoding.findings.refusal = new DecodeError(
    'UNSUPPORTED',
    `not a push for DM: ${verdict.detail}${missing}`,
    { path, offset, bit: 0 },
    { doc: 'DM-NOTI-1.3', section: '7.1.1' },
  );
  takeRefused(body, push, decoding);
}

/** What a push that is refused carries; what cannot be read of it stays octets, for the refusal is what is told. */
function takeRefused(body: Span, push: WspPush, decoding: Decoding): void {
  if (body.octets.length === body.start) return;
  const { code, mime } = push.contentType;
  const type = { ...(code === undefined ? {} : { code }), ...(mime === undefined ? {} : { mime }) };
  const isPush = push.pduType === pduTypes.push || push.pduType === pduTypes.confirmedPush;
  if (!isPush) {
    addContent(decoding, body, 'what follows the type');
    return;
  }
  const before = decoding.findings.layers.length;
  const ours = mime !== undefined && /syncml|connectivity/.test(mime);
  const read = holds(() => {
    if (ours) takeBody(body, type, decoding);
    else takeForeignBody(body, mime ?? '', decoding);
    return true;
  });
  if (read) return;
  decoding.findings.layers.splice(before + 1);
  if (decoding.findings.layers.length === before) addContent(decoding, body, mime ?? 'content');
}

/** Whether octets that nothing else explains are a WSP PDU of another type than Push. */
export function isOtherWspPdu(octets: Uint8Array): boolean {
  const type = octets[1] ?? 0;
  if (type === pduTypes.confirmedPush) {
    return holds(() => decodePush(octets).contentType.mime !== undefined);
  }
  // Reply: a status below 0x70, then the length of headers that begin with a content type. Get, Post: an absolute URI.
  if (type === 0x04)
    return octets.length > 4 && (octets[2] ?? 0xff) < 0x70 && (octets[3] ?? 0) <= octets.length - 4;
  if ([0x40, 0x42, 0x60, 0x61].includes(type)) {
    return /^.{1,8}(?:https?|wap|syncml):/s.test(String.fromCharCode(...octets.subarray(2, 20)));
  }
  return isSessionPdu(octets, type);
}

/** Whether lengths and fields of a PDU of the session service fit (WSP §8.2.2). */
function isSessionPdu(octets: Uint8Array, type: number): boolean {
  const [, , first = 0xff] = octets;
  // Redirect: two flags, and addresses. Such messages are short.
  if (type === 0x03) return (first & 0x3f) === 0 && octets.length > 4 && octets.length <= 48;
  const start = type === 0x01 ? 3 : 2;
  if (type === 0x01 && first >> 4 !== 1) return false;
  const counts = { 1: 2, 2: 3, 5: 1, 8: 1, 9: 2 }[type];
  if (counts === undefined) return false;
  const numbers: number[] = [];
  let at = start;
  while (numbers.length < counts) {
    const number = /^[\x80-\xff]{0,4}[\0-\x7f]/.exec(
      String.fromCharCode(...octets.subarray(at, at + 5)),
    )?.[0];
    if (number === undefined) return false;
    numbers.push([...number].reduce((sum, octet) => sum * 128 + (octet.charCodeAt(0) & 0x7f), 0));
    at += number.length;
  }
  const left = octets.length - at;
  // Disconnect and Suspend end with the number of the session.
  if (type === 0x05 || type === 0x08) return left === 0;
  const lengths = type === 0x01 ? numbers : numbers.slice(1);
  return lengths.reduce((sum, each) => sum + each, 0) <= left && (type === 0x01 || octets.length < 48);
}
