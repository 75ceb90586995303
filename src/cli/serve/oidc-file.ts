// The file of `--oidc`: an identity provider whose tokens the REST API takes.
import { Type } from 'typebox';
import { checkOidc, type OidcSettings, oidcAlgorithms } from '../../api/index.ts';
import { scopes } from '../../store/index.ts';
import { readConfigFile } from '../bindings/config-file.ts';
import { closed, text } from '../config/common-shapes.ts';
import type { Io } from '../io/io.ts';

const shape = closed({
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

/** @throws {ConfigError} with the path of the first thing wrong */
export async function readOidcFile(io: Io, file: string): Promise<OidcSettings> {
  const settings: OidcSettings = await readConfigFile(io, file, shape);
  checkOidc(settings);
  return settings;
}
