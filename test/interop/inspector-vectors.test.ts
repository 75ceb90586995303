// Each vector, shown by the page in Debian's Chromium as `reveille decode` explains it in Node.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { bytesToBase64, bytesToHex, hexToBytes, utf8ToBytes } from '../../src/core/index.ts';
import { type Explanation, explainOctets } from '../../src/inspect/index.ts';
import {
  checkDigest,
  explain,
  type Inspector,
  requireGoodConduct,
  startInspector,
} from './inspector-browser.ts';

const vectors = (name: string) =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));

/** Vectors that the package publishes. */
function published(name: string): readonly { readonly name: string; readonly hex: string }[] {
  const file = new URL(`../../vectors/${name}.json`, import.meta.url);
  const { vectors: all } = JSON.parse(readFileSync(file, 'utf8'));
  return all.map(({ id, octets }: { id: string; octets: string }) => ({ name: id, hex: octets }));
}

/** Octets of all vectors that are messages, in hex. */
function messages(): readonly { readonly name: string; readonly hex: string }[] {
  const wtls = vectors('wtls');
  return [
    ...vectors('wsp-push').pushes,
    ...vectors('wsp-push').malformed,
    ...vectors('sms-user-data').userData,
    ...vectors('sms-user-data').malformed,
    ...vectors('wbxml').documents,
    ...vectors('provisioning').documents,
    ...vectors('smpp').pdus,
    ...vectors('obex').requests,
    ...vectors('obex').responses,
    ...vectors('pap').documents.map(({ name, xml }: { name: string; xml: string }) => ({
      name,
      hex: bytesToHex(utf8ToBytes(xml)),
    })),
    ...vectors('sip').messages.map(
      ({ name, lines, bodyHex }: { name: string; lines: string[]; bodyHex: string }) => ({
        name,
        hex: bytesToHex(utf8ToBytes(`${lines.join('\r\n')}\r\n\r\n`)) + (bodyHex ?? ''),
      }),
    ),
    ...['package0', 'signed', 'bootstrap'].flatMap(published),
    ...Object.entries(wtls.records).map(([name, hex]) => ({ name, hex: String(hex) })),
  ].filter(({ hex }) => typeof hex === 'string' && hex !== '');
}

/** What the page says first of a message. */
function headline({ format }: Explanation): string {
  return format ?? 'not read to the end';
}

describe('the inspector and the vectors', () => {
  let inspector: Inspector;
  before(async () => {
    inspector = await startInspector();
  });
  after(() => inspector.close());

  it('Package #0 in each format: fields, digest and verdict', async () => {
    const watched = await inspector.open();
    const { page } = watched;
    for (const vector of vectors('notification').messages) {
      const { name, octets, package0At, contentTypeCode, secret, nonce, message } = vector;
      await explain(page, octets);
      // What no layer says of a bare body.
      const type = package0At === 0 ? contentTypeCode : 0;
      await page.getByLabel('Bare body is').selectOption(String(type));
      await page.locator('.format', { hasText: message.format }).waitFor();
      assert.equal(await page.locator('.format').innerText(), message.format, name);
      const text = await page.locator('.tree').innerText();
      assert.ok(text.includes(message.serverId), name);
      if (secret === null) continue;
      const given = nonce === null ? '' : bytesToBase64(hexToBytes(nonce));
      assert.match(await checkDigest(page, secret, given), /^digest holds/, name);
      assert.match(await checkDigest(page, `${secret}x`, given), /does not hold/, name);
      await page.getByRole('button', { name: 'Forget' }).click();
      await page.locator('.chip', { hasText: 'not checked' }).waitFor();
      assert.equal(await page.getByLabel('Secret').inputValue(), '');
    }
    requireGoodConduct(watched);
  });

  it('every other message: format, layers, errors and their places', async () => {
    const watched = await inspector.open();
    const { page } = watched;
    const all = messages();
    assert.ok(all.length > 100);
    for (const { name, hex } of all) {
      await explain(page, hex);
      const [shown] = explainOctets(utf8ToBytes(hex));
      assert.ok(shown !== undefined, name);
      const { explanation } = shown;
      const article = page.locator('article');
      await article.waitFor();
      assert.equal(await page.locator('.format').innerText(), headline(explanation), name);
      const { error } = explanation;
      if (error === undefined) assert.equal(await page.locator('[data-code]').count(), 0, name);
      else {
        const said = await page.locator('[data-code]').innerText();
        assert.ok(said.replace(/\s+/g, ' ').includes(error.message.replace(/\s+/g, ' ').slice(0, 60)), name);
      }
      const layers = await page.locator('.line.layer').count();
      if (explanation.layers.length > 0) assert.ok(layers > 0, name);
    }
    requireGoodConduct(watched);
  });
});
