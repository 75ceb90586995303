// What mails and tickets put around octets gives way to spaces, and octets never do.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unwrappedText } from '../../../src/inspect/pasted/unwrapped-text.ts';

describe('what stands around octets', () => {
  it('gives way within and outside of fences, and places hold', () => {
    for (const fence of ['```', '  ```', '~~~', '```text', '\t````']) {
      const text = `see\n${fence}\n0605\n${fence}\nbye\n`;
      const plain = unwrappedText(text);
      assert.equal(plain.trim(), '0605', fence);
      assert.equal(plain.length, text.length);
      assert.equal(plain.indexOf('0605'), text.indexOf('0605'));
    }
    const quoted = '> ```\n> 0605\n> ```\n';
    assert.equal(unwrappedText(quoted).trim(), '0605');
    assert.equal(unwrappedText('0605\n').trim(), '0605', 'no fence');
  });

  it('may be sentences, and pairs of letters are none', () => {
    assert.equal(unwrappedText('This is the push:\n0605\n').trim(), '0605');
    for (const hex of ['de ad be ef\n06 05 04 0b\n', 'deadbeef cafe\n0605\n', 'push\n0605\n']) {
      assert.equal(unwrappedText(hex), hex);
    }
  });

  it('is left in texts of XML', () => {
    const xml = '<a>\n> b\n</a>';
    assert.equal(unwrappedText(xml), xml);
  });
});
