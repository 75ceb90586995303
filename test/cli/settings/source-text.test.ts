// Configuration files as text: YAML and JSON, places of everything, bounds, and nothing of the text in what is said of it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Type } from 'typebox';
import { nearestName } from '../../../src/cli/config/nearest-name.ts';
import { shapeFaults } from '../../../src/cli/config/shape-faults.ts';
import { readSourceText } from '../../../src/cli/config/source-text.ts';

const refused = (text: string, file: string, said: RegExp): void => {
  assert.throws(
    () => readSourceText(text, file),
    (error: Error) => {
      assert.match(error.message, said);
      assert.doesNotMatch(error.message, /hidden/);
      return true;
    },
    text.slice(0, 60),
  );
};

describe('text of a configuration', () => {
  it('is the same value as YAML and as JSON, and knows where it stands', () => {
    const yaml = readSourceText('# wap\nwap:\n  places: 5\nlist: [a, "1", 2]\n', 'x.yaml');
    const json = readSourceText('\ufeff{\n\t"wap": { "places": 5 },\r\n\t"list": ["a", "1", 2]\n}', 'x.json');
    assert.deepEqual(yaml.value, { wap: { places: 5 }, list: ['a', '1', 2] });
    assert.deepEqual(json.value, yaml.value);
    assert.equal(yaml.place('wap.places'), 'x.yaml:3:11: wap.places');
    assert.equal(yaml.place('wap.places', 'name'), 'x.yaml:3:3: wap.places');
    assert.equal(yaml.place('list[2]'), 'x.yaml:4:16: list[2]');
    assert.equal(json.place('wap.places'), 'x.json:2:21: wap.places');
    assert.equal(json.place('list[1]'), 'x.json:3:16: list[1]');
    assert.equal(yaml.place('wap.perSecond.more'), 'x.yaml:2:1: wap.perSecond.more');
    assert.equal(yaml.place('sip'), 'x.yaml:1:1: sip');
  });

  it('keeps texts that older YAML takes for something else', () => {
    const { value } = readSourceText('a: no\nb: on\nc: 1_000\nd: 12:30\ne: 0o17\nf: 2026-01-01\n', 'x.yml');
    assert.deepEqual(value, { a: 'no', b: 'on', c: '1_000', d: '12:30', e: 15, f: '2026-01-01' });
    const names = readSourceText('"__proto__": {a: 1}\n1: b\nnull: c\n', 'x.yaml').value as object;
    assert.deepEqual(Object.keys(names), ['1', '__proto__', 'null']);
  });

  it('takes anchors and aliases, and says where', () => {
    const text = 'tls: &tls\n  key: a\nwap: *tls\nlist: [*tls, *tls]\n';
    const { value, place } = readSourceText(text, 'x.yaml');
    assert.deepEqual(value, { tls: { key: 'a' }, wap: { key: 'a' }, list: [{ key: 'a' }, { key: 'a' }] });
    assert.equal(place('wap'), 'x.yaml:3:6: wap');
  });

  it('refuses what is no YAML, with line, column and remedy', () => {
    for (const [text, said] of [
      ['a: 1\na: hidden\n', /^x\.yaml:2:1: the same name a second time; leave one/],
      ['a:\n  b: 1\n  b: 2\n', /^x\.yaml:3:3: the same name/],
      ['a: b: hidden\n', /^x\.yaml:1:4: a name within a value.*quotes/],
      ['a:\n\tb: hidden\n', /^x\.yaml:2:1: a tab as indentation; YAML is indented by spaces/],
      ['a: "hidden\n', /^x\.yaml:\d:\d+: a closing quote/],
      ['a: [1, 2\nb: hidden\n', /^x\.yaml:2:1: /],
      ['a: @hidden\n', /^x\.yaml:1:4: a text may not begin with this character; put it in quotes/],
      ['a: !!js/function hidden\n', /^x\.yaml:1:4: a tag/],
      ['a: !hidden x\n', /^x\.yaml:1:4: a tag/],
      ['a: *hidden\n', /^x\.yaml:1:4: an alias/],
      ['a: 1\n---\nb: hidden\n', /^x\.yaml:2:1: a second document/],
      ['? [hidden]\n: 1\n', /^x\.yaml:1:3: a name has to be a text/],
      ['- hidden\nb: 1\n', /^x\.yaml:2:1: /],
      ['', /^x\.yaml:1:1: it is empty/],
      ['# nothing\n', /it is empty/],
      ['a: &a [*a]\n', /^x\.yaml:1:8: an alias within what it stands for/],
    ] as const) {
      refused(text, 'x.yaml', said);
    }
    refused('{"a": 1, "a": "hidden"}', 'x.json', /^x\.json:1:10: the same name a second time/);
    refused('{"a": 1,}', 'x.json', /^x\.json:1:9: not JSON: a comma with nothing behind it/);
    refused('{"a": 1}\n}', '-', /^standard input:2:1: not JSON: something stands behind/);
  });

  it('is bounded in length, depth and what aliases make of it', () => {
    refused(`a: ${'x'.repeat(1024 * 1024)}`, 'x.yaml', /longer than 1048576 characters/);
    refused('a: hidden\ufffd', 'x.yaml', /^x\.yaml:1:10: not UTF-8/);
    refused('['.repeat(80) + ']'.repeat(80), 'x.json', /nested deeper than 64 levels/);
    refused('a: '.concat('['.repeat(20_000)), 'x.yaml', /nested too deeply|missing|bracket/);
    const laughs = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level += 1) {
      laughs.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    }
    refused(laughs.join('\n'), 'x.yaml', /more than 100000 values, those of aliases counted/);
  });
});

describe('faults of a shape', () => {
  const shape = Type.Object(
    {
      name: Type.String(),
      port: Type.Integer({ minimum: 1, maximum: 9 }),
      road: Type.Optional(
        Type.Union([
          Type.Object({ host: Type.String() }, { additionalProperties: false }),
          Type.Object({ url: Type.String(), tries: Type.Integer() }, { additionalProperties: false }),
        ]),
      ),
    },
    { additionalProperties: false },
  );
  it('are all told, each with its path and what to do', () => {
    const value = { name: 5, prot: 1, road: { url: 'x', tries: 'hidden' } };
    assert.deepEqual(
      shapeFaults(shape, value).map(({ path, what, remedy }) => [path, what, remedy]),
      [
        ['name', 'must be a text', 'put it in quotes'],
        ['prot', 'not a field here; known are name, port, road', 'did you mean port?'],
        ['road.tries', 'must be a whole number', undefined],
        ['', 'must have port', undefined],
      ],
    );
    assert.deepEqual(
      shapeFaults(shape, { name: 'a', port: null })[0]?.what,
      'nothing stands here; it must be a whole number from 1 to 9',
    );
    assert.deepEqual(shapeFaults(shape, { name: 'a', port: 1 }), []);
  });

  it('a near name is one with few differences', () => {
    const known = ['listen', 'tokenFile', 'tls'];
    assert.equal(nearestName('lisen', known), 'listen');
    assert.equal(nearestName('LISTEN', known), 'listen');
    assert.equal(nearestName('lsiten', known), 'listen');
    assert.equal(nearestName('token_file', known), 'tokenFile');
    assert.equal(nearestName('colour', known), undefined);
    assert.equal(nearestName('x'.repeat(100_000), known), undefined);
  });
});
