// What a message says of its own protection, for people: nothing here is verified, and nothing decides.
import { isElement, namespaces, readXml, textOf, type XmlElement } from '../codec/xml/index.ts';
import { DecodeError } from '../core/index.ts';
import { isSealedElement } from './encrypted-data.ts';
import { contentAlgorithmOf, encryptedMediaType, keyTransports, xmlenc } from './encryption-algorithms.ts';
import { isItem, itemType } from './message-items.ts';
import { algorithmOf, onlyChild } from './xml-parts.ts';

/** An encrypted part as it stands in the message. */
export interface EncryptedPart {
  /** CmdID of the command that holds it; empty when it has none. */
  readonly cmdId: string;
  /** `aes128-gcm`, `aes256-gcm`, or the identifier of an algorithm that no receiver takes. */
  readonly content: string;
  /** `rsa-oaep-mgf1p`, `rsa-oaep-sha256`, `kw-aes128` and so on, or the identifier of another algorithm. */
  readonly transport: string;
  /** KeyName of the receiver's key. */
  readonly keyName?: string;
}

const { syncml, xmldsig } = namespaces;

/** KeyName of the Signature, as the sender gave it. */
export function signatureKeyName(root: XmlElement): string | undefined {
  return keyNameIn(onlyChild(root, 'Signature', xmldsig));
}

/** The encrypted parts of a message that are not opened, in order. */
export function encryptedParts(root: XmlElement): readonly EncryptedPart[] {
  return partsBelow(onlyChild(root, 'SyncBody', syncml));
}

function partsBelow(parent: XmlElement | undefined): readonly EncryptedPart[] {
  return (parent?.children ?? []).filter(isElement).flatMap((command) => {
    if (command.name === 'Atomic' || command.name === 'Sequence') return partsBelow(command);
    const cmdId = onlyChild(command, 'CmdID', syncml);
    return command.children.filter(isItem).flatMap((item) => {
      const sealed = itemType(item, command) === encryptedMediaType ? sealedIn(item) : undefined;
      return sealed === undefined ? [] : [partOf(sealed, cmdId === undefined ? '' : (textOf(cmdId) ?? ''))];
    });
  });
}

function sealedIn(item: XmlElement): XmlElement | undefined {
  const data = onlyChild(item, 'Data', syncml);
  const text = data === undefined ? undefined : textOf(data);
  const inline = data?.children.find(isElement);
  try {
    const sealed = inline ?? (text === undefined ? undefined : readXml(text.trim()));
    return sealed !== undefined && isSealedElement(sealed) ? sealed : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function partOf(sealed: XmlElement, cmdId: string): EncryptedPart {
  const key = onlyChild(onlyChild(sealed, 'KeyInfo', xmldsig), 'EncryptedKey', xmlenc);
  const content = algorithmOf(onlyChild(sealed, 'EncryptionMethod', xmlenc));
  const keyName = keyNameIn(key);
  return {
    cmdId,
    content: contentAlgorithmOf(content) ?? content,
    transport: transportNamed(algorithmOf(onlyChild(key, 'EncryptionMethod', xmlenc))),
    ...(keyName !== undefined && { keyName }),
  };
}

function transportNamed(uri: string): string {
  const names = ['rsa-oaep-mgf1p', 'rsa-oaep-sha256'] as const;
  const wrap = /^kw-aes(?:128|192|256)$/.exec(uri.startsWith(xmlenc) ? uri.slice(xmlenc.length) : '');
  return names.find((name) => keyTransports[name].uri === uri) ?? wrap?.[0] ?? uri;
}

function keyNameIn(parent: XmlElement | undefined): string | undefined {
  const name = onlyChild(onlyChild(parent, 'KeyInfo', xmldsig), 'KeyName', xmldsig);
  return name === undefined ? undefined : textOf(name);
}
