// The whole dissector, put together.
import { luaDigests } from './lua-digests.ts';
import { luaDissector } from './lua-dissector.ts';
import { luaFields } from './lua-fields.ts';
import { luaFormats } from './lua-formats.ts';
import { luaObex } from './lua-obex.ts';
import { luaOctets } from './lua-octets.ts';
import { luaOptions } from './lua-options.ts';
import { luaReader } from './lua-reader.ts';
import { luaTables } from './tables.ts';

const head = `-- OMA DM Notification (Package #0) for Wireshark, in its three formats. Made by: reveille wireshark
-- The tables are those of Reveille's codec. docs/wireshark.md says how to install it.
-- Licensed under the Apache License, Version 2.0.
`;

/**
 * A dissector of Package #0 for Wireshark and tshark, as a program in Lua that runs on Lua 5.2 and on 5.3 and 5.4. Its
 * tables are those of the codec. Loaded outside of Wireshark it gives a module whose `read` does the same (docs/wireshark.md).
 */
export function wiresharkDissector(): string {
  return [
    head,
    luaTables(),
    luaOctets,
    luaDigests,
    luaReader,
    luaOptions,
    luaFormats,
    luaFields,
    luaDissector,
    luaObex,
  ].join('\n');
}
