// The inspector's page in Debian's Chromium: marks on both sides, secrets, links, comparison, keys, and
// nothing that leaves its origin.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { hexToBytes } from '../../src/core/index.ts';
import { examples } from '../../web/inspector/state/examples.ts';
import {
  checkDigest,
  explain,
  type Inspector,
  requireAccessible,
  requireGoodConduct,
  startInspector,
} from './inspector-browser.ts';

/** Octets of the first load at most, compressed. */
const largestLoad = 150 * 1024;

const appendixC = examples[0]?.text ?? '';
/** The example of appendix C with a server identifier of 255 letters. */
const longServerId = `${appendixC.replaceAll(/\s/g, '').slice(0, 72)}ff${'78'.repeat(255)}`;
const phone = { viewport: { width: 390, height: 800 }, hasTouch: true } as const;

describe('the inspector', () => {
  let inspector: Inspector;
  before(async () => {
    inspector = await startInspector();
  });
  after(() => inspector.close());

  it('loads at most 150 KB, compressed, from its own origin alone', async () => {
    const { page } = await inspector.open();
    const asked = new Set<string>();
    page.on('request', (request) => asked.add(request.url()));
    const worker = page.waitForEvent('worker');
    await page.reload({ waitUntil: 'networkidle' });
    await worker;
    await explain(page, appendixC);
    const names = [...asked];
    assert.ok(names.some((name) => name.includes('worker')));
    // Fetched anew: the browser forgets the bodies of what it has loaded.
    const files = await Promise.all(names.map(async (name) => (await fetch(name)).arrayBuffer()));
    const octets = files.reduce((sum, file) => sum + gzipSync(file).length, 0);
    assert.ok(octets <= largestLoad, `${octets} octets`);
    assert.deepEqual(
      names.filter((name) => !name.startsWith(inspector.served.address)),
      [],
    );
  });

  it('its policy lets no request out, and the test would notice one', async () => {
    const { page, misdeeds } = await inspector.open();
    const tried = await page.evaluate("fetch('https://example.com/x').then(() => 'sent', () => 'refused')");
    assert.equal(tried, 'refused');
    await page.evaluate("Object.assign(new Image(), { src: 'https://example.com/x.png' })");
    await page.waitForFunction("document.readyState === 'complete'");
    assert.ok(misdeeds.blocked.length >= 1);
    assert.ok(misdeeds.console.length >= 1);
  });

  it('marks the octets of a field, the field of an octet, and single bits', async () => {
    const watched = await inspector.open();
    const { page } = watched;
    await explain(page, appendixC);
    await page.locator('[data-field=sessionId]').hover();
    const marked = page.locator('.octet.marked');
    await page.locator('.octet.marked[data-offset="34"]').waitFor();
    assert.deepEqual(await marked.allInnerTexts(), ['12', '34']);
    await page.locator('[data-field=initiator]').hover();
    await page.locator('.octet.marked.part[data-offset="30"]').waitFor();
    assert.deepEqual(await page.locator('.bit.marked').allInnerTexts(), ['0']);
    assert.match(await page.locator('.detail').innerText(), /octet 30, bit 4[\s\S]*DM-NOTI-1\.2 §6\.2\.8/);
    await page.locator('.octet[data-offset="8"]').hover();
    await page.locator('.line.marked[data-field=pduType]').waitFor();
    await page.locator('.octet[data-offset="30"]').click();
    await page.locator('.line[data-field=version][aria-selected=true]').waitFor();
    await page.getByRole('button', { name: 'octet 30, bit 2: 0' }).click();
    await page.locator('.line[data-field=uiMode][aria-selected=true]').waitFor();
    requireGoodConduct(watched);
  });

  it('is used by keys alone', async () => {
    const watched = await inspector.open();
    const { page } = watched;
    await page.locator('#octets').focus();
    await page.keyboard.type(appendixC);
    await page.keyboard.press('Control+Enter');
    await page.locator('[role=tree]:focus').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.locator('[data-field=headerLength][aria-selected=true]').waitFor();
    await page.keyboard.press('End');
    await page.locator('[data-field=serverId][aria-selected=true]').waitFor();
    await page.locator('.octet.marked[data-offset="37"]').waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await page.locator('.line.layer[aria-expanded=false]').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.locator('[data-field=ports]').waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await page.locator('.line.marked[data-field=serverId]').waitFor();
    await page.getByRole('button', { name: 'New input' }).press('Enter');
    await page.locator('#octets:focus').waitFor();
    await page.keyboard.type('neither hex nor anything else');
    await page.keyboard.press('Control+Enter');
    await page.locator('.message:focus').waitFor();
    requireGoodConduct(watched);
  });

  it('a server identifier of 255 octets makes nothing wider than a phone', async () => {
    const watched = await inspector.open({ ...phone, viewport: { width: 360, height: 740 } });
    const { page } = watched;
    await explain(page, longServerId);
    await page.locator('.format', { hasText: 'dm1.2' }).waitFor();
    const overflow = 'document.documentElement.scrollWidth - innerWidth';
    assert.equal(await page.evaluate(overflow), 0);
    await page.locator('[data-field=serverId]').click();
    await page.getByRole('button', { name: 'Link' }).click();
    await page.getByRole('button', { name: 'Compare with another…' }).click();
    await explain(page, longServerId);
    await page.locator('.compare').waitFor();
    assert.equal(await page.evaluate(overflow), 0);
    requireGoodConduct(watched);
  });

  it('links to octets; the secret is in no address and in no storage', async () => {
    const watched = await inspector.open();
    const { page } = watched;
    await explain(page, appendixC);
    assert.match(await checkDigest(page, 'secret', 'AAAAAA=='), /^digest holds/);
    await page.getByRole('button', { name: 'Link' }).click();
    const link = await page.getByLabel('Link to these octets').inputValue();
    assert.match(link, /#octets=[\w-]+$/);
    assert.ok(!link.includes('secret'));
    const stored = 'JSON.stringify([location.href, {...localStorage}, {...sessionStorage}, document.cookie])';
    assert.ok(!String(await page.evaluate(stored)).includes('secret'));
    const other = await inspector.open({}, new URL(link).hash);
    await other.page.locator('.format', { hasText: 'dm1.2' }).waitFor();
    assert.match(await other.page.locator('.chips').innerText(), /digest not checked/);
    requireGoodConduct(watched);
    requireGoodConduct(other);
  });

  it('says why there is no link, and what is wrong with one', async () => {
    const { page } = await inspector.open();
    await explain(page, `<a>${'x'.repeat(5000)}</a>`);
    await page.getByRole('button', { name: 'Link' }).click();
    assert.match(await page.getByRole('alert').innerText(), /has 5007 octets, and a link holds 4096/);
    // The example of SMPP 3.4 §3.2.3, whose bind has a password.
    const bind =
      '0000002f000000020000000000000001534d50503354455354007365637265743038005355424d4954310000010100';
    await explain(page, bind);
    await page.getByRole('button', { name: 'Link' }).click();
    assert.match(await page.getByRole('alert').innerText(), /may hold a secret \(password of an SMPP bind\)/);
    const broken = await inspector.open({}, '#octets=%%%');
    assert.match(await broken.page.getByRole('alert').innerText(), /link cannot be read/);
  });

  it('checks a digest under an empty nonce, and under the identifier that a client hashes', async () => {
    const watched = await inspector.open();
    const { page } = watched;
    // Digests by the formula of DM-NOTI-1.2 §6.2.5, H(B64(H(name:secret)):nonce:B64(H(trigger))), of the push of appendix C.
    const digest = (name: string, nonce: string): string => {
      const b64 = (text: string | Buffer): string => createHash('md5').update(text).digest('base64');
      const trigger = Buffer.from(appendixC.replaceAll(/\s/g, '').slice(-52), 'hex');
      return createHash('md5')
        .update(`${b64(`${name}:secret`)}:${nonce}:${b64(trigger)}`)
        .digest('hex');
    };
    const plain = appendixC.replaceAll(/\s/g, '');
    const pushWith = (hex: string): string => `${plain.slice(0, -84)}${hex}${plain.slice(-52)}`;
    await explain(page, pushWith(digest('com.mgmtsrv.manage', '')));
    assert.match(await checkDigest(page, 'secret'), /does not hold/);
    await page.getByLabel('Empty nonce').check();
    await page.getByRole('button', { name: 'Check digest' }).click();
    await page.locator('.chip.good', { hasText: 'under the nonce given' }).waitFor();
    await explain(page, pushWith(digest('account', '')));
    await page.locator('.chip.bad', { hasText: 'does not hold' }).waitFor();
    await page.getByLabel('Identifier, if not').fill('account');
    await page.getByRole('button', { name: 'Check digest' }).click();
    await page.locator('.chip.good', { hasText: 'under the nonce given' }).waitFor();
    await requireAccessible(page, 'an empty nonce');
    await page.getByRole('button', { name: 'Forget' }).click();
    assert.equal(await page.getByLabel('Identifier, if not').inputValue(), '');
    assert.equal(await page.getByLabel('Empty nonce').isChecked(), false);
    requireGoodConduct(watched);
  });

  it('says what a family would refuse and why', async () => {
    const watched = await inspector.open();
    const { page } = watched;
    await explain(page, appendixC);
    await page.getByLabel('Device family').selectOption('libdmclient');
    await page.locator('[data-family=libdmclient]').waitFor();
    assert.match(await page.locator('.refusals').innerText(), /lost|doubtful|takes it/);
    await page.getByLabel('Device family').selectOption('');
    await page.locator('.refusals').waitFor({ state: 'detached' });
    requireGoodConduct(watched);
  });

  it('compares two messages field by field', async () => {
    const watched = await inspector.open();
    const { page } = watched;
    await explain(page, appendixC);
    await page.getByRole('button', { name: 'Compare with another…' }).click();
    await explain(page, examples[4]?.text ?? '');
    await page.locator('[data-different="2"]').waitFor();
    assert.match(await page.locator('.compare tbody').innerText(), /digest[\s\S]*futureUse/);
    await requireAccessible(page, 'comparison');
    requireGoodConduct(watched);
  });

  it('takes what is dropped, as a file or as a text', async () => {
    const { page } = await inspector.open();
    await page.evaluate(`(() => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array([${hexToBytes(appendixC).join()}])], 'push.bin'));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
    })()`);
    await page.locator('.opened .name', { hasText: 'push.bin' }).waitFor();
    await page.locator('.format', { hasText: 'dm1.2' }).waitFor();
  });
});
