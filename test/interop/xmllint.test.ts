// The XML reader beside xmllint (Debian package libxml2-utils): what is XML, and what it says.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { utf8ToBytes } from '../../src/core/index.ts';
import { differenceFromXmllint } from '../codec/xml/differential/against-xmllint.ts';
import { inputs } from '../codec/xml/differential/inputs.ts';
import { FastRandom } from '../codec/xml/differential/random.ts';
import { askXmllint } from '../codec/xml/differential/xmllint.ts';

test('XML: 4,000 documents, right and wrong, are to xmllint what they are to ours', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-xmllint-'));
  try {
    const documents: Uint8Array[] = [];
    for (const { document } of inputs(new FastRandom(15))) {
      documents.push(typeof document === 'string' ? utf8ToBytes(document) : document);
      if (documents.length === 4000) break;
    }
    let taken = 0;
    for (let from = 0; from < documents.length; from += 500) {
      const some = documents.slice(from, from + 500);
      for (const [at, verdict] of askXmllint(some, join(folder, String(from))).entries()) {
        const octets = some[at] ?? new Uint8Array();
        if (verdict.wrong === undefined) taken += 1;
        assert.equal(differenceFromXmllint(octets, verdict), undefined, new TextDecoder().decode(octets));
      }
    }
    assert.ok(taken > 500 && taken < 3500, `xmllint takes ${taken}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
