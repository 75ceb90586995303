// What both readers are given, one after the other, as a seed has it.
import { utf8ToBytes } from '../../../../src/core/index.ts';
import { anyManner, type Manner } from './compare.ts';
import { anyDocument, flipped, spoilt, vectorTexts } from './documents.ts';
import type { FastRandom } from './random.ts';

/** A document, and how to read it. */
export interface Input {
  readonly document: string | Uint8Array;
  readonly manner: Manner;
}

/** Documents without end: made up, or of the vectors; spoilt or not; as text or as octets with bits turned. */
export function* inputs(random: FastRandom): Generator<Input> {
  const vectors = vectorTexts();
  for (;;) {
    let text = random.once(8) ? random.one(vectors) : anyDocument(random);
    if (random.once(2)) text = spoilt(random, text);
    const manner = anyManner(random);
    if (random.once(3)) {
      const octets = utf8ToBytes(text);
      yield { document: random.once(3) ? flipped(random, octets) : octets, manner };
    } else {
      yield { document: text, manner };
    }
  }
}
