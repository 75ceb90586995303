// Items of a message that is still a document.
import { childElement, isElement, textOf, type XmlElement, type XmlNode } from '../codec/xml/index.ts';

/** True for a command that holds commands. */
export function isGroup(command: XmlElement): boolean {
  return command.name === 'Atomic' || command.name === 'Sequence';
}

/** True for an Item. */
export function isItem(node: XmlNode): node is XmlElement {
  return isElement(node) && node.name === 'Item';
}

/** Target/LocURI of an item, if it has one. */
export function itemTarget(item: XmlElement): string | undefined {
  const target = childElement(item, 'Target');
  const uri = target === undefined ? undefined : childElement(target, 'LocURI');
  return uri === undefined ? undefined : textOf(uri);
}

/** Meta Type that holds for an item: its own, else that of its command; in lower case. */
export function itemType(item: XmlElement, command: XmlElement): string | undefined {
  for (const parent of [item, command]) {
    const meta = childElement(parent, 'Meta');
    const type = meta === undefined ? undefined : childElement(meta, 'Type');
    const text = type === undefined ? undefined : textOf(type);
    if (text !== undefined) return text.trim().toLowerCase();
  }
  return undefined;
}
