// Version 5 of the database: secrets that are being replaced.
import type { CompiledQuery } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';

/** Secrets that are being replaced. */
export function secretRotations({ builder: { schema } }: SqlEngine): readonly CompiledQuery[] {
  return [schema.alterTable('devices').addColumn('rotations', 'text').compile()];
}
