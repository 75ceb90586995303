// The codec's tables as Lua: what the dissector reads with, and what the fields of it are registered from.
import {
  contentTypeOf,
  type DigestRow,
  defaultMoIndexRegistry,
  defaultNonce,
  type FormatDescription,
  formatDescriptions,
  moIndexWords,
  preferredBearers,
} from '../codec/notification/index.ts';
import { type LuaData, luaValue } from './lua-value.ts';

/** Lua that defines `formats`, `content_types`, `bearers`, `mo_indexes`, `mo_words` and `default_nonce`. */
export function luaTables(): string {
  const codes = new Map(
    formatDescriptions.map(({ format }) => [contentTypeOf(format).code, contentTypeOf(format).mime]),
  );
  const mimes = new Set(formatDescriptions.map(({ format }) => contentTypeOf(format).mime));
  const definitions: Readonly<Record<string, LuaData>> = {
    formats: formatDescriptions.map(formatData),
    content_types: { mimes: [...mimes], codes: [...codes.keys()] },
    bearers: [...preferredBearers],
    mo_indexes: Object.fromEntries(defaultMoIndexRegistry.entries.map(({ name, index }) => [index, name])),
    mo_words: { ...moIndexWords },
    default_nonce: [...defaultNonce],
  };
  return Object.entries(definitions)
    .map(([name, value]) => `local ${name} = ${luaValue(value)}\n`)
    .join('\n');
}

function formatData({ format, doc, digest, header, parts, options }: FormatDescription): LuaData {
  const { mime, code } = contentTypeOf(format);
  return {
    format,
    doc,
    mime,
    code,
    digest: digestData(digest),
    header: header.map((row) => ({ ...row, form: { ...row.form } as LuaData })),
    parts: parts.map((part) => ({ ...part, lengthField: part.lengthField && { ...part.lengthField } })),
    options: options.map((option) => ({ ...option })),
  };
}

const digestData = (digest: DigestRow): LuaData => ({ ...digest });
