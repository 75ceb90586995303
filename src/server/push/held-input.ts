// What somebody gives who lets go, or ends, what is held after a restore.
import { ValueError } from '../../core/index.ts';
import { type HeldSelection, pushPurposes } from '../../store/index.ts';
import { InputReader } from '../input/input-reader.ts';

/** Most ids of one request. */
const mostHeldIds = 1000;
/** Longest id, in octets. */
const longestId = 512;

/**
 * Reads `{ all?, ids?, device?, serverId?, purpose? }`; an empty selection is all that is held. Nothing but `all: true` gives that:
 * a field that is not known, or is no selection, would release more than was meant.
 * @throws {ValueError} MISSING when nothing is named, OUT_OF_RANGE when `all` and something else are, and for the first
 *   field that is wrong
 */
export function readHeld(value: unknown): HeldSelection {
  const input = new InputReader(value ?? {}, 'a selection of what is held');
  const all = input.optionalBoolean('all') ?? false;
  const ids = readIds(input.take('ids'));
  const deviceId = input.optionalText('device', { max: longestId });
  const serverId = input.optionalText('serverId', { max: longestId });
  const purpose = input.optionalChoice('purpose', pushPurposes);
  input.end();
  const selection: HeldSelection = {
    ...(ids !== undefined && { ids }),
    ...(deviceId !== undefined && { deviceId }),
    ...(serverId !== undefined && { serverId }),
    ...(purpose !== undefined && { purpose }),
  };
  const named = Object.keys(selection).length > 0;
  if (all && named) {
    throw new ValueError('OUT_OF_RANGE', 'means everything that is held: leave it out, or all else', 'all');
  }
  if (!all && !named) {
    throw new ValueError(
      'MISSING',
      'say which are meant: ids, device, serverId, purpose, or all: true',
      'all',
    );
  }
  return selection;
}

function readIds(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new ValueError('WRONG_TYPE', 'must be an array of ids', 'ids');
  if (value.length === 0 || value.length > mostHeldIds) {
    throw new ValueError('OUT_OF_RANGE', `must have 1 to ${mostHeldIds} entries`, 'ids');
  }
  return value.map((each: unknown, index) => {
    const path = `ids[${index}]`;
    if (typeof each !== 'string') throw new ValueError('WRONG_TYPE', 'must be a string', path);
    if (each.length > longestId) throw new ValueError('TOO_LONG', 'is no id of a push or job', path);
    return each;
  });
}
