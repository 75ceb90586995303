// From octets and bits to fields and back.
import type { MessageView, ViewField } from '../worker/protocol.ts';

/** What is marked on both sides: a field, or an octet that no field covers. */
export interface Place {
  /** Index in `spaces`. */
  readonly space: number;
  /** Octet in the space. */
  readonly offset: number;
  /** Index in `fields`. */
  readonly field?: number;
}

/** The place of a field. */
export function placeOf(view: MessageView, field: number): Place {
  const { layer, offset } = view.fields[field] ?? { layer: 0, offset: 0 };
  return { space: view.layers[layer]?.space ?? 0, offset, field };
}

/** The place of an octet: the field that covers it most closely, that of the bit where one is given. */
export function placeAt(view: MessageView, space: number, offset: number, bit?: number): Place {
  let best: number | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  view.fields.forEach((field, index) => {
    if (view.layers[field.layer]?.space !== space || !covers(field, offset, bit)) return;
    const bits = bitsOf(field);
    // Of two that are as short, the inner layer knows more.
    if (bits <= fewest) [best, fewest] = [index, bits];
  });
  // A field of whole octets that ends in its first bits would hide the first bit field: take the first in order then.
  const first = bit === undefined && best !== undefined ? firstOf(view, best, offset) : best;
  return { space, offset, ...(first === undefined ? {} : { field: first }) };
}

/** Of bit fields that share an octet, the one that begins first. */
function firstOf(view: MessageView, best: number, offset: number): number {
  const chosen = view.fields[best];
  if (chosen?.bits === null || chosen === undefined) return best;
  const first = view.fields.findIndex(
    (field) => field.layer === chosen.layer && field.bits !== null && covers(field, offset),
  );
  return first < 0 ? best : first;
}

/** Whether a field touches the octet, or has the bit of it. */
export function covers(field: ViewField, offset: number, bit?: number): boolean {
  if (offset < field.offset || offset >= field.offset + field.length) return false;
  if (bit === undefined || field.bit === null || field.bits === null) return true;
  const at = (offset - field.offset) * 8 + bit;
  return at >= field.bit && at < field.bit + field.bits;
}

/** Whether the field has only some of the octet's bits. */
export function coversPart(field: ViewField, offset: number): boolean {
  if (field.bit === null || field.bits === null) return false;
  const from = (offset - field.offset) * 8;
  return field.bit > from || field.bit + field.bits < from + 8;
}

function bitsOf(field: ViewField): number {
  return field.bits ?? field.length * 8;
}

/** The field that a deviation or an error is about; the octet alone where no field begins there. */
export function placeNamed(view: MessageView, name: string, offset: number): Place {
  const named = view.fields.findLastIndex((field) => field.name === name && covers(field, offset));
  if (named >= 0) return placeOf(view, named);
  const space = view.layers.at(-1)?.space ?? 0;
  return placeAt(view, space, offset);
}
