// Labels of devices, as callers give them.
import { requireLine, utf8ToBytes, ValueError } from '../../core/index.ts';
import type { DeviceLabels } from '../../store/index.ts';
import type { InputReader } from '../input/input-reader.ts';

/** Bounds of labels. */
export const labelBounds = Object.freeze({
  /** Labels of one device. */
  count: 32,
  /** Octets of a value. */
  value: 255,
});

const name = /^[A-Za-z][A-Za-z0-9_.-]{0,62}$/;

/** Takes `labels` of a new device. @throws {ValueError} for the first thing wrong */
export function readLabels(input: InputReader): DeviceLabels | undefined {
  const labels = readEntries(input, false);
  if (labels === undefined || labels === null) return undefined;
  requireCount(Object.keys(labels).length, input);
  return labels as DeviceLabels;
}

/**
 * Takes `labels` of a change: values that are set, `null` for those that are removed, or `null` for all.
 * @param current what the device has
 * @throws {ValueError} for the first thing wrong
 */
export function readLabelChanges(
  input: InputReader,
  current: DeviceLabels = {},
): Readonly<Record<string, string | null>> | null | undefined {
  const labels = readEntries(input, true);
  if (labels === undefined || labels === null) return labels;
  const left = new Set(Object.keys(current));
  for (const [each, value] of Object.entries(labels)) {
    if (value === null) left.delete(each);
    else left.add(each);
  }
  requireCount(left.size, input);
  return labels;
}

function readEntries(
  input: InputReader,
  removing: boolean,
): Readonly<Record<string, string | null>> | null | undefined {
  const value = input.take('labels');
  if (value === undefined || (value === null && removing)) return value;
  const path = input.pathOf('labels');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ValueError('WRONG_TYPE', 'must be an object of names and texts', path);
  }
  for (const [each, text] of Object.entries(value)) {
    if (!name.test(each)) {
      throw new ValueError(
        'BAD_FORMAT',
        'names begin with a letter, then letters, digits, ".", "_" and "-" follow, 63 characters at most',
        path,
      );
    }
    if (text === null && removing) continue;
    requireValue(text, `${path}.${each}`);
  }
  return value as Readonly<Record<string, string | null>>;
}

function requireValue(text: unknown, path: string): void {
  if (typeof text !== 'string') throw new ValueError('WRONG_TYPE', 'must be a string', path);
  if (text === '') throw new ValueError('OUT_OF_RANGE', 'must not be empty', path);
  const length = text.length * 3 <= labelBounds.value ? 0 : utf8ToBytes(text).length;
  if (length > labelBounds.value) {
    throw new ValueError('TOO_LONG', `${length} octets, at most ${labelBounds.value} fit`, path);
  }
  requireLine(text, path);
}

function requireCount(count: number, input: InputReader): void {
  if (count <= labelBounds.count) return;
  throw new ValueError(
    'OUT_OF_RANGE',
    `a device has at most ${labelBounds.count} labels`,
    input.pathOf('labels'),
  );
}
