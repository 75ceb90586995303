// An identity provider whose tokens the REST API takes, as configuration files say it.
import { Type } from 'typebox';
import { type OidcSettings, oidcAlgorithms } from '../../api/index.ts';
import { scopes } from '../../store/index.ts';
import { readConfigFile } from '../bindings/config-file.ts';
import { closed, text } from '../config/common-shapes.ts';
import type { Io } from '../io/io.ts';

/** Its shape; docs/access.md says what each field is. */
export const oidcShape = closed({
  issuer: text,
  audience: text,
  jwksUri: Type.Optional(text),
  algorithms: Type.Optional(Type.Array(Type.Enum([...oidcAlgorithms]), { minItems: 1 })),
  clockSkewSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 300 })),
  ownerClaim: Type.Optional(text),
  scopesClaim: Type.Optional(text),
  scopes: Type.Optional(Type.Record(Type.String(), Type.Array(Type.Enum([...scopes])))),
  accountsClaim: Type.Optional(text),
});

/** The file of `--oidc`. @throws {ConfigFaults} {ConfigError} */
export async function readOidcFile(io: Io, file: string): Promise<OidcSettings> {
  return await readConfigFile(io, file, oidcShape);
}
