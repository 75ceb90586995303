// Which management object an index in Targeted-MO and Requested-MO means (DM-NOTI-1.3 §6.5.2, §6.5.4).
//
// The specification names indexes but no table of them is public. The table here is the project's own, a common ground
// for both ends until an operator brings another; it is not OMA's assignment.
import { ValueError } from '../../core/index.ts';

/** Names and indexes of management objects, one to one. */
export interface MoIndexRegistry {
  /** All entries, by index. */
  readonly entries: readonly { readonly name: string; readonly index: number }[];
  /** Name of an index, or `undefined`: an unknown index is logged and ignored, never a reason to drop a message. */
  nameOf(index: number): string | undefined;
  /** Index of a name, or `undefined`. */
  indexOf(name: string): number | undefined;
}

/** What an index is that no name is known for. */
export const moIndexWords = {
  none: 'no object',
  /** From this index on they are left to vendors. */
  vendorFrom: 0x8000,
  vendor: 'index of a vendor',
  unnamed: 'index without a name here',
} as const;

/** The project's table. 0 stands for no object; 0x8000–0xFFFF is left to vendors. */
export const projectMoIndexes: Readonly<Record<string, number>> = Object.freeze({
  DevInfo: 1,
  DevDetail: 2,
  DMAcc: 3,
  Inbox: 4,
  FUMO: 5,
  SCOMO: 6,
  LAWMO: 7,
  DiagMon: 8,
  ConnMO: 9,
});

/**
 * The project's table changed by `overrides`: a name gets another index, or a new name is added; `null` takes a name out.
 * @throws {ValueError} OUT_OF_RANGE for an index that is not an integer from 1 to 65535 or is held by another name
 */
export function moIndexRegistry(overrides: Readonly<Record<string, number | null>> = {}): MoIndexRegistry {
  const indexes = new Map<string, number>(Object.entries(projectMoIndexes));
  for (const [name, index] of Object.entries(overrides)) {
    if (index === null) indexes.delete(name);
    else indexes.set(name, index);
  }
  const names = new Map<number, string>();
  for (const [name, index] of indexes) {
    if (!Number.isInteger(index) || index < 1 || index > 0xffff) {
      throw new ValueError('OUT_OF_RANGE', 'an MO index must be an integer from 1 to 65535', name);
    }
    const other = names.get(index);
    if (other !== undefined)
      throw new ValueError('OUT_OF_RANGE', `index ${index} is ${other}'s already`, name);
    names.set(index, name);
  }
  const entries = [...indexes].map(([name, index]) => ({ name, index })).sort((a, b) => a.index - b.index);
  return {
    entries,
    nameOf: (index) => names.get(index),
    indexOf: (name) => indexes.get(name),
  };
}

/** The project's table as it is. */
export const defaultMoIndexRegistry: MoIndexRegistry = moIndexRegistry();
