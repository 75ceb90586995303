// Version 3 of the database: what devices may prove themselves with.
import type { CompiledQuery } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';

/** What a device may prove itself with, and the certificate that identifies it. */
export function authenticationPolicy({ builder: { schema } }: SqlEngine): readonly CompiledQuery[] {
  return ['srv_schemes', 'cl_schemes', 'tls_certificate'].map((column) =>
    schema.alterTable('devices').addColumn(column, 'text').compile(),
  );
}
