// Secrets by the words around them, covered.
import { secretsInText } from '../../inspect/index.ts';
import type { Mask } from './mask.ts';

/** Covers what the words around it show to be a secret. */
export function maskText(mask: Mask): void {
  for (const { offset, length, what } of secretsInText(mask.text)) mask.cover(offset, length, what);
}
