// Elements and texts for property tests.
import fc from 'fast-check';
import type { XmlAttribute, XmlElement, XmlNode } from '../../../src/codec/xml/index.ts';
import { concatBytes } from '../../../src/core/index.ts';

/** One character that XML 1.0 allows, with those that need care made likely. */
export const xmlCharacter: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }) },
  { weight: 2, arbitrary: fc.constantFrom('&', '<', '>', '"', "'", ']', '\r', '\n', '\t', ' ') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('é', '\u0080', '\u0085', '\u2028', '€', '\ufeff', '\ufffd', '😀', '𝄞'),
  },
);

/** Text that XML can carry. */
export const xmlText: fc.Arbitrary<string> = fc.string({ unit: xmlCharacter, maxLength: 60 });

/** Text without white space around it, as codes and names are. */
export const token: fc.Arbitrary<string> = xmlText.map((text) => text.trim());

/** An XML name without a colon. */
export const ncName: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('a', 'Z', '_', 'é', 'x-'), fc.stringMatching(/^[A-Za-z0-9._-]{0,8}$/))
  .map(([start, rest]) => start + rest);

const attributes: fc.Arbitrary<readonly XmlAttribute[]> = fc.uniqueArray(
  fc.record(
    {
      name: ncName.filter((name) => name !== 'xmlns'),
      namespace: fc.constantFrom('', '', 'urn:a', 'http://www.w3.org/XML/1998/namespace'),
      value: xmlText,
    },
    { noNullPrototype: true },
  ),
  { maxLength: 3, selector: ({ name, namespace }) => `${namespace} ${name}` },
);

/** How elements are made up. */
export interface ElementShape {
  /** Names to choose from, each with its namespace; others are made up. */
  readonly names: readonly (readonly [name: string, namespace: string])[];
  /** True when octets may be among the children. */
  readonly octets: boolean;
}

/** Any element, up to a few levels deep. Neither two texts nor two parts of octets stand side by side, and none is empty. */
export function anyElement({ names, octets }: ElementShape): fc.Arbitrary<XmlElement> {
  const made: fc.Arbitrary<readonly [string, string]> = fc.tuple(
    ncName,
    fc.constantFrom('', 'urn:a', 'urn:b', 'http://www.w3.org/2000/09/xmldsig#'),
  );
  const name = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: made });
  const text = xmlText.filter((value) => value !== '');
  const { element } = fc.letrec<{ node: XmlNode; element: XmlElement }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      text,
      ...(octets ? [fc.uint8Array({ minLength: 1, maxLength: 20 })] : []),
      tie('element'),
    ),
    element: fc
      .tuple(name, attributes, fc.array(tie('node'), { maxLength: 4 }))
      .map(([[local, namespace], attributeList, children]) => ({
        name: local,
        namespace,
        attributes: attributeList,
        children: joinNeighbours(children),
      })),
  }));
  return element;
}

function joinNeighbours(children: readonly XmlNode[]): readonly XmlNode[] {
  const joined: XmlNode[] = [];
  for (const child of children) {
    const last = joined.at(-1);
    if (typeof child === 'string' && typeof last === 'string') joined[joined.length - 1] = last + child;
    else if (child instanceof Uint8Array && last instanceof Uint8Array) {
      joined[joined.length - 1] = concatBytes(last, child);
    } else joined.push(child);
  }
  return joined;
}
