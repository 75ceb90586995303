// Two messages side by side: fields of the same name in layers of the same name, in their order.
import type { MessageView, ViewField } from '../worker/protocol.ts';

/** One line of a comparison. */
export interface ComparedField {
  readonly layer: string;
  readonly name: string;
  readonly left?: ViewField;
  readonly right?: ViewField;
  /** `spelled otherwise`: both say the same, in other octets. */
  readonly state: 'same' | 'spelled otherwise' | 'changed' | 'left only' | 'right only';
}

/** All fields of both. Those of the same layer and name go together in the order that they come in. */
export function compareViews(left: MessageView, right: MessageView): readonly ComparedField[] {
  const keyOf = (view: MessageView, field: ViewField): string =>
    `${view.layers[field.layer]?.name ?? ''}\n${field.name}`;
  const waiting = new Map<string, ViewField[]>();
  for (const field of right.fields) {
    const key = keyOf(right, field);
    const same = waiting.get(key);
    if (same === undefined) waiting.set(key, [field]);
    else same.push(field);
  }
  const taken = new Map<ViewField, ViewField>();
  const pairs = left.fields.map((field) => {
    const other = waiting.get(keyOf(left, field))?.shift();
    if (other !== undefined) taken.set(other, field);
    return { field, other };
  });
  const rows: ComparedField[] = [];
  // What only the right one has stands behind the field that it follows there.
  const strays = new Map<ViewField | undefined, ViewField[]>();
  let before: ViewField | undefined;
  for (const field of right.fields) {
    const partner = taken.get(field);
    if (partner !== undefined) before = partner;
    else {
      const there = strays.get(before);
      if (there === undefined) strays.set(before, [field]);
      else there.push(field);
    }
  }
  const addStrays = (after: ViewField | undefined): void => {
    for (const field of strays.get(after) ?? []) {
      const layer = right.layers[field.layer]?.title ?? '';
      rows.push({ layer, name: field.name, right: field, state: 'right only' });
    }
  };
  addStrays(undefined);
  for (const { field, other } of pairs) {
    const layer = left.layers[field.layer]?.title ?? '';
    if (other === undefined) rows.push({ layer, name: field.name, left: field, state: 'left only' });
    else {
      const isSame = field.value === other.value && field.meaning === other.meaning;
      rows.push({
        layer,
        name: field.name,
        left: field,
        right: other,
        state: !isSame ? 'changed' : isSpelledSame(left, field, right, other) ? 'same' : 'spelled otherwise',
      });
    }
    addStrays(field);
  }
  return rows;
}

function isSpelledSame(left: MessageView, field: ViewField, right: MessageView, other: ViewField): boolean {
  // What fields of bits are, their values say.
  if (field.bits !== undefined) return true;
  return sameOctets(octetsOf(left, field), octetsOf(right, other));
}

function octetsOf(view: MessageView, { layer, offset, length }: ViewField): Uint8Array {
  const space = view.spaces[view.layers[layer]?.space ?? 0];
  return space?.octets.subarray(offset, offset + length) ?? new Uint8Array(0);
}

/** What is said of two messages above their rows; nothing is the same as what could not be read as octets. */
export function summaryOf(left: MessageView, right: MessageView, rows: readonly ComparedField[]): string {
  const unread = [left, right].some(({ spaces }) => spaces.every(({ octets }) => octets.length === 0));
  if (unread) return 'nothing is compared: one of them could not be read as octets';
  const different = rows.filter(({ state }) => state !== 'same').length;
  if (different > 0) return `${different} of ${rows.length} fields differ`;
  return areSameOctets(left, right)
    ? 'no field differs'
    : 'no field differs, but octets outside the fields do';
}

/** Whether the octets of two messages are the same, those outside all fields too. */
function areSameOctets(left: MessageView, right: MessageView): boolean {
  if (left.spaces.length !== right.spaces.length) return false;
  return left.spaces.every(({ octets }, index) =>
    sameOctets(octets, right.spaces[index]?.octets ?? new Uint8Array(0)),
  );
}

function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, at) => octet === b[at]);
}
