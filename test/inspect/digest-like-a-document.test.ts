// A digest is any octets: one that begins as XML does makes no document of Package #0.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hexToBytes, utf8ToBytes } from '../../src/core/index.ts';
import { explainOctets } from '../../src/inspect/index.ts';

const vectors = JSON.parse(readFileSync(new URL('../vectors/notification.json', import.meta.url), 'utf8'));

test('Package #0 whose digest begins with "<" is Package #0', () => {
  for (const { name, octets, package0At, message } of vectors.messages) {
    // Its header stands before its digest.
    if (message.format === 'dm1.3') continue;
    const bare = hexToBytes(octets).slice(package0At);
    bare[0] = 0x3c;
    const [shown] = explainOctets(bare);
    const { format = null, alternatives = [] } = shown?.explanation ?? {};
    const formats = [format, ...alternatives.map((each) => (each as { format: string }).format)];
    assert.ok(formats.includes(message.format), `${name}: ${formats}`);
  }
});

test('a document that is XML stays one', () => {
  const [shown] = explainOctets(utf8ToBytes('<wap-provisioningdoc version="1.1"/>'));
  assert.equal(shown?.explanation.format, 'connectivity+xml');
});
