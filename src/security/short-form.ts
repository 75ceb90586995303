// A signed message in fewer octets, with the same XML view: what repeats goes into the string table, and the octets of a
// CipherValue may travel as OPAQUE between the text around them (profile RV-SIG-1).
import { type EncodeWbxmlOptions, encodeWbxml } from '../codec/wbxml/index.ts';
import { childElement, isElement, namespaces, textOf, type XmlElement } from '../codec/xml/index.ts';
import { base64ToBytes, bytesToBase64 } from '../core/index.ts';
import { elementType, encryptedMediaType, xmlenc, xmlenc11 } from './encryption-algorithms.ts';
import { isGroup, isItem, itemType } from './message-items.ts';

const opening = '<CipherData><CipherValue>';
const closing = '</CipherValue></CipherData>';

/** What signatures and encrypted parts repeat. */
const sharedParts: readonly string[] = [
  `<EncryptionMethod Algorithm="${xmlenc}`,
  `<EncryptionMethod Algorithm="${xmlenc11}`,
  `" xmlns="${xmlenc}"`,
  elementType,
  xmlenc,
  xmlenc11,
  namespaces.xmldsig,
  'http://www.w3.org/2001/10/xml-exc-c14n#',
  'http://www.w3.org/200',
  '</EncryptionMethod>',
  opening,
  closing,
];

/** Encodes a signed document; `opaque`: octets of ciphers as they are. @throws {ValueError} as `encodeWbxml` */
export function encodeShort(root: XmlElement, opaque: boolean, options: EncodeWbxmlOptions): Uint8Array {
  const body = opaque ? childElement(root, 'SyncBody') : undefined;
  const children = root.children.map((child) =>
    child === body && body !== undefined ? withOpaque(body) : child,
  );
  return encodeWbxml({ ...root, children }, { sharedParts, ...options });
}

function withOpaque(group: XmlElement): XmlElement {
  const children = group.children.map((command) => {
    if (!isElement(command)) return command;
    if (isGroup(command)) return withOpaque(command);
    const items = command.children.map((item) =>
      isItem(item) && itemType(item, command) === encryptedMediaType ? opaqueItem(item) : item,
    );
    return { ...command, children: items };
  });
  return { ...group, children };
}

function opaqueItem(item: XmlElement): XmlElement {
  const data = childElement(item, 'Data');
  const text = data === undefined ? undefined : textOf(data);
  if (data === undefined || text === undefined) return item;
  const pieces = text.split(/(?<=<CipherValue>)([^<]+)(?=<\/CipherValue>)/);
  const parts = pieces.map((piece, index) => (index % 2 === 1 ? (octetsOf(piece) ?? piece) : piece));
  return {
    ...item,
    children: item.children.map((child) => (child === data ? { ...data, children: parts } : child)),
  };
}

/** The octets, where Base64 gives the very same text again: it is what was signed. */
function octetsOf(text: string): Uint8Array | undefined {
  try {
    const octets = base64ToBytes(text);
    return bytesToBase64(octets) === text ? octets : undefined;
  } catch {
    return undefined;
  }
}
