// The settings where a text of a binding cannot be had from its file or variable: so much of them that the rest can be looked at.
import { type MissingText, type SecretGuard, standInFor } from '../bindings/config-file.ts';
import type { ServeSections } from '../bindings/serve-shapes.ts';
import type { ConfigFault } from '../config/fault.ts';
import type { Io } from '../io/io.ts';
import { type Given, type ReadSettings, readSettings } from '../settings/read-settings.ts';

/**
 * Reads settings anew after faults, without the sections of bindings whose texts are missing.
 * @param guard as for `readSettings`; refuses what it refused before
 * @returns nothing where anything else is wrong, or a text of `server` is missing: nobody knows then what goes together
 */
export async function readWithoutTexts(
  io: Io,
  given: Given,
  guard: SecretGuard,
): Promise<ReadSettings | undefined> {
  // Standard input can be read once.
  if (given.config === '-') return undefined;
  const missing: MissingText[] = [];
  const faults: ConfigFault[] = [];
  const standIn = (text: MissingText): string => {
    missing.push(text);
    return standInFor(text);
  };
  const read = await readSettings(io, given, faults, { guard, standIn });
  const without = new Set(missing.map(({ path }) => /^[^.[]*/.exec(path)?.[0]));
  if (faults.length > 0 || missing.length === 0 || without.has('server')) return undefined;
  const kept = Object.entries(read.sections).filter(([name]) => !without.has(name));
  return { ...read, sections: Object.fromEntries(kept) as ServeSections };
}
