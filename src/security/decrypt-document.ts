// Opening the encrypted parts of a message, once its signature has been verified.
import { childElement, isElement, namespaces, readXml, textOf, type XmlElement } from '../codec/xml/index.ts';
import { bytesToUtf8, DecodeError } from '../core/index.ts';
import { isSealedElement, openElement } from './encrypted-data.ts';
import { encryptedMediaType } from './encryption-algorithms.ts';
import type { DecryptionKey } from './encryption-keys.ts';
import { isGroup, isItem, itemType } from './message-items.ts';
import { isRefused, type Refused, refusalOfDocument, refused } from './message-refusal.ts';

/** How to decrypt. */
export interface DecryptOptions {
  /** Most encrypted parts of one message; each costs an operation with a private key. Default 16. */
  readonly maxParts?: number;
}

const { syncml } = namespaces;

/**
 * The document of a verified message with its encrypted parts opened. An item of type application/xenc+xml whose
 * EncryptedData stands for an element is such a part; encrypted content of another kind stays as it is, since it is meant
 * for whoever reads the node.
 */
export function decryptDocument(
  root: XmlElement,
  keys: readonly DecryptionKey[],
  options: DecryptOptions = {},
): XmlElement | Refused {
  const body = childElement(root, 'SyncBody');
  if (body === undefined) return root;
  const opener = new PartOpener(keys, options.maxParts ?? 16);
  const opened = opener.body(body);
  if (opener.refusal !== undefined) return opener.refusal;
  return { ...root, children: root.children.map((child) => (child === body ? opened : child)) };
}

class PartOpener {
  refusal: Refused | undefined;
  readonly #keys: readonly DecryptionKey[];
  readonly #maxParts: number;
  #parts = 0;

  constructor(keys: readonly DecryptionKey[], maxParts: number) {
    this.#keys = keys;
    this.#maxParts = maxParts;
  }

  body(body: XmlElement): XmlElement {
    const whole = this.#wholeBody(body);
    return this.#items(whole ?? body);
  }

  /** The body that stands encrypted in the only item of the only command, if that is what the item holds. */
  #wholeBody(body: XmlElement): XmlElement | undefined {
    const commands = body.children.filter((child) => isElement(child) && child.name !== 'Final');
    const [command] = commands;
    if (commands.length !== 1 || !isElement(command) || command.name !== 'Replace') return undefined;
    const items = command.children.filter(isItem);
    const [item] = items;
    if (items.length !== 1 || item === undefined) return undefined;
    const plain = this.#open(item, command);
    if (plain === undefined) return undefined;
    if (plain.name === 'SyncBody') return plain;
    const opened = {
      ...command,
      children: command.children.map((child) => (child === item ? plain : child)),
    };
    return { ...body, children: body.children.map((child) => (child === command ? opened : child)) };
  }

  #items(group: XmlElement): XmlElement {
    const children = group.children.map((command) => {
      if (!isElement(command)) return command;
      if (isGroup(command)) return this.#items(command);
      const items = command.children.map((item) => {
        const plain = isItem(item) ? this.#open(item, command) : undefined;
        if (plain !== undefined && plain.name !== 'Item') this.refusal ??= refused('malformed-message');
        return plain ?? item;
      });
      return { ...command, children: items };
    });
    return { ...group, children };
  }

  /** What the item encrypts; `undefined` when it is not encrypted, or was refused. */
  #open(item: XmlElement, command: XmlElement): XmlElement | undefined {
    if (this.refusal !== undefined || itemType(item, command) !== encryptedMediaType) return undefined;
    const data = childElement(item, 'Data');
    const text = data === undefined ? undefined : textOf(data)?.trim();
    if (text === undefined) return undefined;
    const sealed = readPart(text);
    if (isRefused(sealed)) {
      this.refusal = sealed;
      return undefined;
    }
    if (!isSealedElement(sealed)) return undefined;
    this.#parts += 1;
    const plain =
      this.#parts > this.#maxParts ? refused('too-many-encrypted-parts') : openPart(sealed, this.#keys);
    if (!isRefused(plain)) return plain;
    this.refusal = plain;
    return undefined;
  }
}

function openPart(sealed: XmlElement, keys: readonly DecryptionKey[]): XmlElement | Refused {
  const octets = openElement(sealed, keys);
  if (octets === undefined) return refused('undecryptable');
  const text = bytesToUtf8(octets);
  if (text === undefined) return refused('malformed-message', 'an encrypted part is not UTF-8');
  const plain = readPart(text);
  // Without its detail, which may quote what was encrypted.
  if (isRefused(plain)) return refused(plain.reason);
  const known = plain.namespace === syncml && (plain.name === 'Item' || plain.name === 'SyncBody');
  return known ? plain : refused('malformed-message', 'an encrypted part is neither Item nor SyncBody');
}

/** A document inside the message. Its text was bounded with the message. */
function readPart(text: string): XmlElement | Refused {
  try {
    return readXml(text, { comments: 'refuse' });
  } catch (error) {
    if (error instanceof DecodeError) return refusalOfDocument(error, text);
    throw error;
  }
}
