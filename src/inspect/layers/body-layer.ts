// What is pushed: Package #0, a DM message, or another document, which is named.
import { decodeNotification, verifyNotification } from '../../codec/notification/index.ts';
import { decodeWbxml, readWbxmlHeader, readWbxmlType } from '../../codec/wbxml/index.ts';
import { dmContentKind } from '../../codec/wsp/index.ts';
import { namespaces, readXml, type XmlElement } from '../../codec/xml/index.ts';
import { base64ToBytes, DecodeError } from '../../core/index.ts';
import {
  addContent,
  addLayer,
  type Decoding,
  holds,
  lengthOf,
  type Payload,
  type Span,
  shift,
  shifted,
  spanOf,
} from './findings.ts';
import { placeAnnotation, xmlPlaces } from './xml-places.ts';

/** A content type, by number or name. */
export interface BodyType {
  readonly code?: number;
  readonly mime?: string;
}

/** Reads a body whose content type is known; none stands for Package #0. @throws {DecodeError} */
export function takeBody(span: Span, type: BodyType, decoding: Decoding): void {
  const kind = dmContentKind(type);
  if (kind !== undefined && kind !== 'notification') {
    takeDocument(span, kind.endsWith('+wbxml') ? 'wbxml' : 'xml', decoding, kind.startsWith('dm+'));
    return;
  }
  const plain = base64Of(span);
  if (plain === undefined) takePackage0(span, type, decoding);
  else {
    decoding.findings.deviations.push({
      field: 'body',
      offset: span.base + span.start,
      bit: 0,
      value: `${lengthOf(span)} characters`,
      message: 'Base64 of Package #0, which clients of some families want over IP (docs/families.md)',
      section: 'DM-NOTI-1.3 §7.1',
    });
    takePackage0(plain, type, decoding, true);
  }
}

/** What a body of Base64 stands for, where that is Package #0 and the body is none itself. */
function base64Of({ octets, start }: Span): Span | undefined {
  const body = octets.subarray(start);
  if (body.length < 24 || body.length > largestBase64) return undefined;
  // What is none says so soon: a digest is rarely letters alone.
  for (let at = 0; at < 24; at += 1) {
    if ((body[at] ?? 0) > 0x7a) return undefined;
  }
  const text = String.fromCharCode(...body).trim();
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const plain = base64ToBytes(text);
  const isNotification = (each: Uint8Array): boolean =>
    holds(() => decodeNotification(each).format !== undefined);
  return isNotification(plain) && !isNotification(body) ? spanOf(plain, 'reassembled') : undefined;
}

/** Characters of Base64 at most that are looked at: no Package #0 has more. */
const largestBase64 = 32_768;

/** Reads a body of a type that is none of ours as far as it says itself what it is. */
export function takeForeignBody(span: Span, mime: string, decoding: Decoding): void {
  const form = documentForm(span.octets.subarray(span.start));
  if (form === undefined) addContent(decoding, span, mime === '' ? 'content' : mime);
  else takeDocument(span, form, decoding, false);
}

/** The form of a document that octets begin like; `undefined` when they begin like none. */
export function documentForm(octets: Uint8Array): 'xml' | 'wbxml' | undefined {
  // A byte order mark, white space, and `<`, in one octet a character or two.
  const start = [...octets.subarray(0, 4096)].filter((octet) => octet !== 0);
  const text = String.fromCharCode(...start);
  if (/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)?\s*</.test(text)) return 'xml';
  return readWbxmlType(octets) === undefined ? undefined : 'wbxml';
}

/** Reads a document; `dm` when what is around it says that it is a DM message. @throws {DecodeError} */
export function takeDocument(span: Span, form: 'xml' | 'wbxml', decoding: Decoding, dm: boolean): void {
  const body = span.octets.subarray(span.start);
  const { layer, annotate } = addLayer(decoding, span, form, documentTitle(form, 'document', body));
  let root: XmlElement;
  if (form === 'xml') {
    root = shifted(span.start, () => readXml(body, xmlOptions));
    for (const place of xmlPlaces(body)) annotate(placeAnnotation(place, span.start));
  } else {
    const named = readWbxmlType(body);
    if (!dm && named === undefined && decoding.options.as === 'auto') refuseUnknown(span, body);
    layer.title = documentTitle(form, named?.title ?? 'document', body);
    // What the header does not say, the type around it does; another type that it names is not overruled.
    const open = named === undefined || named.language === 'syncml' || (dm && named.title === undefined);
    const language =
      open && (dm || named?.language === 'syncml' || named?.title === undefined) ? 'syncml' : undefined;
    const inner = shift(span.start, annotate);
    root = shifted(span.start, () =>
      decodeWbxml(body, { annotate: inner, ...(language === undefined ? {} : { language }) }),
    ).root;
  }
  const isDm = root.name === 'SyncML';
  layer.title = documentTitle(form, isDm ? 'DM message' : titleOf(root), body);
  decoding.findings.payload = isDm ? { kind: 'message', form, root, body } : documentOf(root, form);
  if (dm && !isDm) {
    decoding.findings.deviations.push({
      field: 'Content-Type',
      offset: span.base + span.start,
      bit: 0,
      value: root.name,
      message: `says DM message, and the document is ${titleOf(root)}`,
      section: 'DM-PUSH-1.3 §5',
    });
  }
}

/** @throws {DecodeError} where a header names a type that we do not know: no tokens of another are guessed. */
function refuseUnknown({ start }: Span, body: Uint8Array): void {
  const header = readWbxmlHeader(body);
  if (header === undefined) return;
  const id = typeof header.publicId === 'number' ? `0x${header.publicId.toString(16)}` : header.publicId;
  const detail = `WBXML of a document type that is not known: public identifier ${id.slice(0, 80)}`;
  const at = { path: 'publicId', offset: start + 1, bit: 0 };
  throw new DecodeError('UNSUPPORTED', detail, at, { doc: 'WBXML-1.3', section: '5.5' });
}

const xmlOptions = { surroundings: 'ignore', doctype: 'ignore', internalSubset: 'instructions' } as const;

function documentTitle(form: 'xml' | 'wbxml', what: string, body: Uint8Array): string {
  return `${what} in ${form.toUpperCase()} (${body.length} octets)`;
}

function documentOf(root: XmlElement, form: 'xml' | 'wbxml'): Payload {
  const types: Readonly<Record<string, string>> = {
    DevInf: 'devinf',
    MgmtTree: 'dmtnds',
    'wap-provisioningdoc': 'connectivity',
    pap: 'pap',
  };
  return {
    kind: 'document',
    form,
    root,
    type: (Object.hasOwn(types, root.name) ? types[root.name] : undefined) ?? 'other',
  };
}

function titleOf(root: XmlElement): string {
  if (root.name === 'DevInf' || root.namespace === namespaces.devinf) return 'DevInf document';
  if (root.name === 'MgmtTree') return 'management tree (TNDS)';
  if (root.name === 'wap-provisioningdoc') return 'Client Provisioning document';
  return `${root.name.slice(0, 60)} document`;
}

/** Reads Package #0. @throws {DecodeError} */
export function takePackage0(span: Span, type: BodyType, decoding: Decoding, base64 = false): void {
  const { findings, options } = decoding;
  const { layer, annotate } = addLayer(decoding, span, 'package0', `Package #0 (${lengthOf(span)} octets)`);
  const body = span.octets.subarray(span.start);
  const { key } = options;
  const inner = shift(span.start, annotate);
  const decoded = shifted(span.start, () =>
    decodeNotification(body, {
      annotate: inner,
      ...(type.code === undefined ? {} : { contentTypeCode: type.code }),
      ...(type.mime === undefined ? {} : { mime: type.mime }),
      ...(key === undefined ? {} : { key }),
    }),
  );
  layer.title = `Package #0, format ${decoded.format} (${body.length} octets)`;
  for (const deviation of decoded.deviations) {
    findings.deviations.push({ ...deviation, offset: deviation.offset + span.base + span.start });
  }
  const nonce = key === undefined ? undefined : verifyNotification(decoded, key);
  findings.payload = { kind: 'notification', decoded, nonce, base64 };
}

/** Whether the octets are a document that can be read. */
export function isDocument(octets: Uint8Array): boolean {
  const form = documentForm(octets);
  if (form === undefined) return false;
  try {
    if (form === 'xml') readXml(octets, xmlOptions);
    else decodeWbxml(octets);
    return true;
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}
