// Data as Lua 5.2 literals, which later versions read as well.

/** What a Lua literal is made of here; lists count from 1 in Lua. */
export type LuaData =
  | string
  | number
  | boolean
  | undefined
  | readonly LuaData[]
  | { readonly [name: string]: LuaData };

/** Longest line that is made before a list or table is broken up. */
const lineWidth = 100;

/** `value` as a Lua expression; members that are `undefined` are left out. `indent` is what its lines begin with. */
export function luaValue(value: LuaData, indent = ''): string {
  if (value === undefined) return 'nil';
  if (typeof value === 'string') return luaText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const inner = `${indent}  `;
  const members = Array.isArray(value)
    ? value.map((member: LuaData) => luaValue(member, inner))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => `${luaName(name)} = ${luaValue(member as LuaData, inner)}`);
  const line = `{ ${members.join(', ')} }`;
  if (members.length === 0) return '{}';
  if (!line.includes('\n') && indent.length + line.length <= lineWidth) return line;
  return `{\n${members.map((member) => `${inner}${member},\n`).join('')}${indent}}`;
}

/** A text in quotes: printable ASCII as it is, every other octet of its UTF-8 by its number. */
function luaText(text: string): string {
  const octets = new TextEncoder().encode(text);
  let out = '';
  for (const octet of octets) {
    const character = String.fromCharCode(octet);
    if (character === '"' || character === '\\') out += `\\${character}`;
    else if (octet >= 0x20 && octet < 0x7f) out += character;
    else out += `\\${String(octet).padStart(3, '0')}`;
  }
  return `"${out}"`;
}

const luaName = (name: string): string =>
  /^[a-zA-Z_]\w*$/.test(name) ? name : /^[0-9]+$/.test(name) ? `[${name}]` : `[${luaText(name)}]`;
