// The attributes of an element as a document spells them, namespace declarations included.
import type { XmlElement } from './document/element.ts';

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';

/**
 * Names and values to write for an element whose parent is in `defaultNamespace`: `xmlns` when the element is in another
 * one, then its attributes. Attributes in a namespace get a prefix, `xml` or one made up here.
 */
export function spelledAttributes(
  element: XmlElement,
  defaultNamespace: string,
): readonly (readonly [string, string])[] {
  const spelled: [string, string][] = [];
  if (element.namespace !== defaultNamespace) spelled.push(['xmlns', element.namespace]);
  const prefixes = new Map<string, string>([[xmlNamespace, 'xml']]);
  for (const { name, namespace, value } of element.attributes) {
    if (namespace === '') {
      spelled.push([name, value]);
      continue;
    }
    let prefix = prefixes.get(namespace);
    if (prefix === undefined) {
      prefix = `n${prefixes.size}`;
      prefixes.set(namespace, prefix);
      spelled.push([`xmlns:${prefix}`, namespace]);
    }
    spelled.push([`${prefix}:${name}`, value]);
  }
  return spelled;
}
