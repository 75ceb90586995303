// Where the elements of a document stand, whatever stands between them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { utf8ToBytes } from '../../../src/core/index.ts';
import { xmlPlaces } from '../../../src/inspect/layers/xml-places.ts';

const paths = (text: string): readonly string[] => xmlPlaces(utf8ToBytes(text)).map(({ path }) => path);

describe('places of elements', () => {
  it('are those of start tags, and of whole elements without children', () => {
    const text = '<a><s:b>x</s:b><c/></a>';
    assert.deepEqual(
      xmlPlaces(utf8ToBytes(text)).map(({ path, offset, length, value }) => [
        path,
        text.slice(offset, offset + length),
        value,
      ]),
      [
        ['a', '<a>', '<a>'],
        ['a.b', '<s:b>x</s:b>', 'x'],
        ['a.c', '<c/>', '<c/>'],
      ],
    );
  });

  for (const [name, before] of [
    ['a comment', '<!-- <b/><c/> -->'],
    ['an instruction', '<?x <b/><c/> ?>'],
    ['entities of a DOCTYPE', '<!DOCTYPE a [<!ENTITY e "<b/><c/>">]>'],
    ['entities of a DOCTYPE with a space at its end', '<!DOCTYPE a [<!ENTITY e "<b/><c/>">] \n>'],
    ['a DOCTYPE', '<!DOCTYPE a SYSTEM "a.dtd">'],
  ]) {
    it(`are none in ${name}`, () => assert.deepEqual(paths(`${before}<a/>`), ['a']));
  }

  it('are none in CDATA, and values of attributes end no tag', () => {
    assert.deepEqual(paths('<a x="<b/>>"><![CDATA[<c/>]]></a>'), ['a']);
  });
});
