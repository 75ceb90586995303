// The published vectors as they stand in `vectors/`.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Vector, VectorFile } from '../../scripts/vectors/vector.ts';

export const folder = resolve(import.meta.dirname, '../../vectors');

/** Names of the files. */
export const names: readonly string[] = readdirSync(folder).filter(
  (name) => name.endsWith('.json') && name !== 'schema.json',
);

export const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** Every vector, in the order of the files. */
export const vectors: readonly Vector[] = names.flatMap(
  (name) => (JSON.parse(textOf(name)) as VectorFile).vectors,
);

export const ofKind = (...kinds: readonly string[]): readonly Vector[] =>
  vectors.filter(({ kind }) => kinds.includes(kind));

/** A member that is a text. */
export function text(members: Readonly<Record<string, unknown>>, name: string): string {
  const value = members[name];
  if (typeof value !== 'string') throw new Error(`${name} is no text`);
  return value;
}
