// What xmllint makes of a document beside what ours does.
import { isDeepStrictEqual } from 'node:util';
import { isElement, readXml, type XmlElement } from '../../../../src/codec/xml/index.ts';
import { outcomeOf } from './compare.ts';
import type { Verdict } from './xmllint.ts';

const manner = { doctype: 'ignore', internalSubset: 'instructions' } as const;

/** What differs that must not; `undefined` when nothing does, or only what the decision page lists. */
export function differenceFromXmllint(octets: Uint8Array, verdict: Verdict): string | undefined {
  const { root, error } = outcomeOf(readXml, octets, manner);
  if (error !== undefined) {
    const isFine = verdict.wrong !== undefined || isStricter(error.code, error.detail, octets);
    return isFine ? undefined : `xmllint takes it, ours does not: ${error.message}`;
  }
  if (root === undefined) return undefined;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(octets);
  // Ours takes a byte order mark's word over the declaration's.
  if (text.startsWith('\ufeff<?xml')) return undefined;
  if (verdict.wrong !== undefined) {
    // Ours does not judge a DOCTYPE that it passes over.
    return text.includes('<!DOCTYPE') ? undefined : `ours takes it, xmllint does not: ${verdict.wrong}`;
  }
  // It has no canonical form where a namespace is relative, and writes `&` in one as it is.
  if (verdict.canonical === '' || referenceInNamespace.test(text)) return undefined;
  const canonical = sorted(readXml(verdict.canonical));
  return isDeepStrictEqual(sorted(root), canonical) ? undefined : 'the elements differ';
}

const referenceInNamespace = /xmlns[^=<>]*=\s*(?:"[^"]*&|'[^']*&)/;

/** True for what ours refuses on purpose, or xmllint lets pass though XML does not. */
function isStricter(code: string, detail: string, octets: Uint8Array): boolean {
  // Processing instructions, internal subsets, charsets.
  if (code === 'UNSUPPORTED') return true;
  // With a DOCTYPE that names a DTD, xmllint takes entities for defined there.
  if (detail === 'undefined entity') return new TextDecoder().decode(octets).includes('<!DOCTYPE');
  // `version="1."`, and no white space before `standalone`.
  if (detail.startsWith('version number must be') || detail === 'white space required') return true;
  // A prefix bound to white space is bound to nothing. `<?xmlversion …?>` is refused for its charset or for itself.
  if (detail.startsWith('invalid attempt to undefine prefix') || detail.startsWith('octets are not'))
    return true;
  // A NUL ends the text for it.
  return detail === 'disallowed character' && octets.includes(0);
}

/** Canonical XML sorts attributes. */
function sorted(element: XmlElement): XmlElement {
  const key = ({ namespace, name }: { readonly namespace: string; readonly name: string }) =>
    `${namespace} ${name}`;
  return {
    ...element,
    attributes: element.attributes.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)),
    children: element.children.map((child) => (isElement(child) ? sorted(child) : child)),
  };
}
