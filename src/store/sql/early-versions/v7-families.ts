// Version 7 of the database: families of devices.
import type { CompiledQuery } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';

/** Which family the client of a device is of. Of those that are there nobody has said it. */
export function deviceFamilies({ builder: { schema } }: SqlEngine): readonly CompiledQuery[] {
  return [schema.alterTable('devices').addColumn('family', 'text').compile()];
}
