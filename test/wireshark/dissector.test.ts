// The dissector as text: every table of the codec is in it. What it does is tested in Lua and in tshark (test/interop/wireshark*).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentTypeOf, formatDescriptions, preferredBearers } from '../../src/codec/notification/index.ts';
import { wiresharkDissector } from '../../src/wireshark/index.ts';
import { luaValue } from '../../src/wireshark/lua-value.ts';

const lua = wiresharkDissector();

test('values as Lua literals', () => {
  assert.equal(luaValue(undefined), 'nil');
  assert.equal(luaValue([1, true, 'a']), '{ 1, true, "a" }');
  assert.equal(luaValue({}), '{}');
  assert.equal(
    luaValue({ a: undefined, end1: 'x', 7: 'seven', 'b-c': [] }),
    '{ [7] = "seven", end1 = "x", ["b-c"] = {} }',
  );
  assert.equal(luaValue('"\\\n\u0000§'), '"\\"\\\\\\010\\000\\194\\167"');
  const long = Array.from({ length: 40 }, (_, at) => at);
  assert.equal(luaValue({ long }), `{\n  long = {\n${long.map((at) => `    ${at},\n`).join('')}  },\n}`);
});

test('rows, parts, options, bearers and content types of the codec', () => {
  for (const { format, doc, header, parts, options } of formatDescriptions) {
    assert.ok(lua.includes(`format = "${format}"`) && lua.includes(`doc = "${doc}"`));
    assert.ok(lua.includes(`"${contentTypeOf(format).mime}"`));
    for (const { name, section } of [...header, ...parts, ...options]) {
      assert.match(lua, new RegExp(`name = "${name}"[^{}]*section = "${section}"`));
    }
  }
  for (const bearer of preferredBearers) assert.ok(lua.includes(`"${bearer}"`));
});

test('its lines are text in UTF-8 that ends with one line feed, without carriage returns or tabs', () => {
  assert.match(lua, /^-- OMA DM Notification/);
  assert.doesNotMatch(lua, /[\r\t]|undefined|NaN|\[object/);
  assert.match(lua, /[^\n]\n$/);
});
