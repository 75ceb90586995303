// Captures in the inspector's page, in Debian's Chromium: read in its worker while the page goes on answering.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '../../src/core/index.ts';
import { device, Pair } from '../codec/wtls/support.ts';
import { datagram, frame } from '../inspect/frames/samples.ts';
import {
  type Inspector,
  requireAccessible,
  requireGoodConduct,
  startInspector,
} from './inspector-browser.ts';
import { appendixCPush, frameWith, largeCapture, pcapOf } from './inspector-capture-file.ts';

const file = 'input[type=file]';

describe('captures in the inspector', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-captures-'));
  const large = join(folder, 'large.pcap');
  let pushes = 0;
  let inspector: Inspector;
  before(async () => {
    const made = largeCapture(50_000_000);
    pushes = made.pushes;
    writeFileSync(large, made.file);
    inspector = await startInspector();
  });
  after(async () => {
    await inspector.close();
    rmSync(folder, { recursive: true });
  });

  it('50 MB: progress, answers meanwhile, every message, filters', async () => {
    const watched = await inspector.open();
    const { page } = watched;
    // Every change of what is said about progress, and every frame that the page draws between two of them.
    await page.evaluate(`(() => {
      window.said = new Set();
      window.frames = new Set();
      new MutationObserver(() => {
        const count = document.querySelector('[data-state=reading]');
        if (count !== null) window.said.add(count.textContent);
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
      const draw = () => { window.frames.add(window.said.size); requestAnimationFrame(draw); };
      requestAnimationFrame(draw);
    })()`);
    await page.setInputFiles(file, large);
    await page.locator('article[data-message="1"]').waitFor();
    // While it reads: another message, the fold of a layer, a filter.
    await page.locator('#message-3').click();
    await page.locator('article[data-message="3"]').waitFor();
    assert.equal(await page.locator('[data-state=reading]').count(), 1, 'answers while it still reads');
    await requireAccessible(page, 'reading');
    await page.locator('[data-state=done]').waitFor({ timeout: 200_000 });
    const [said, drawn] = (await page.evaluate('[window.said.size, window.frames.size]')) as [number, number];
    assert.ok(said > 20, `${said} times`);
    // How many fit between two frames is the machine's affair; that frames are drawn all along is the page's.
    assert.ok(drawn >= 5, `${drawn} of ${said} were seen between two frames`);
    assert.equal(await page.locator('.filters [data-shown]').getAttribute('data-shown'), String(pushes));
    await page.getByLabel('Filter by text or number').fill('session BEEF,');
    const expected = Array.from({ length: pushes }, (_, i) => ((i + 1) % 65535) + 1).filter(
      (id) => id === 0xbeef,
    );
    await page.locator(`.filters [data-shown="${expected.length}"]`).waitFor();
    await page.getByLabel('Filter by text or number').fill('');
    await page.locator(`.filters [data-shown="${pushes}"]`).waitFor();
    // The last row, from the end of the file.
    const rows = page.getByRole('listbox');
    await page.evaluate(
      "(() => { const rows = document.querySelector('.rows'); rows.scrollTop = rows.scrollHeight; })()",
    );
    await page.locator(`#message-${pushes}`).click();
    await page.locator(`article[data-message="${pushes}"] .format`, { hasText: 'dm1.2' }).waitFor();
    await rows.focus();
    await page.keyboard.press('ArrowUp');
    await page.locator(`article[data-message="${pushes - 1}"]`).waitFor();
    requireGoodConduct(watched);
  });

  it('stops when asked, and what was read stays', async () => {
    const watched = await inspector.open();
    const { page } = watched;
    await page.setInputFiles(file, large);
    await page.locator('article[data-message="1"]').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    const count = page.locator('[data-state=cancelled]');
    await count.waitFor();
    const read = Number((await count.innerText()).replace(/\D/g, ''));
    assert.ok(read > 0 && read < pushes, `${read} messages`);
    await page.locator('#message-2').click();
    await page.locator('article[data-message="2"] .format', { hasText: 'dm1.2' }).waitFor();
    requireGoodConduct(watched);
  });

  it('a capture that is cut off gives what is there, and says where it ends', async () => {
    const { page } = await inspector.open();
    const whole = pcapOf([
      frameWith(appendixCPush),
      frameWith(appendixCPush),
      frameWith(appendixCPush, 9200),
    ]);
    const name = join(folder, 'cut.pcap');
    writeFileSync(name, whole.subarray(0, whole.length - 10));
    await page.setInputFiles(file, name);
    await page.locator('[data-state=done]').waitFor();
    assert.match(await page.getByRole('alert').innerText(), /ended at octet \d+ of the file: .*packet 3/);
    assert.match(await page.locator('[data-state=done]').innerText(), /^2 messages/);
    await requireAccessible(page, 'cut capture');
  });

  it('WTLS is shown to its records, and with its secret to Package #0; forgetting closes it again', async () => {
    const watched = await inspector.open();
    const { page } = watched;
    const pair = new Pair();
    pair.connect();
    pair.run();
    pair.push(appendixCPush);
    pair.run();
    const frames = pair.sent.map(({ direction, datagram: octets }) => {
      const isBack = direction === 'to-server';
      const [source, destination] = isBack ? [2949, 40_000] : [40_000, 2949];
      const framed = frame('ethernet', datagram(octets, { source, destination }));
      if (isBack) framed.set([...framed.subarray(30, 34), ...framed.subarray(26, 30)], 26);
      return framed;
    });
    const name = join(folder, 'wtls.pcap');
    writeFileSync(name, pcapOf(frames));
    await page.setInputFiles(file, name);
    await page.locator('[data-state=done]').waitFor();
    const last = page.locator(`#message-${frames.length}`);
    const opened = page.locator('.row', { hasText: 'dm1.2' });
    await last.waitFor();
    assert.equal(await opened.count(), 0);
    await page.getByText('Read through WTLS and TLS').click();
    await page.getByLabel('WTLS identity').fill(new TextDecoder().decode(device.identity));
    await page.getByLabel('WTLS secret').fill(bytesToHex(device.secret));
    await page.getByLabel('The secret is in hex').check();
    await requireAccessible(page, 'keys');
    await page.getByRole('button', { name: 'Read anew' }).click();
    await opened.first().click();
    await page.locator('.format', { hasText: 'dm1.2' }).waitFor();
    await page.getByRole('button', { name: 'Forget' }).click();
    await opened.first().waitFor({ state: 'detached' });
    requireGoodConduct(watched);
  });

  it('an empty file, and one that is too large for what it is, say so', async () => {
    const { page } = await inspector.open();
    const empty = join(folder, 'empty.bin');
    writeFileSync(empty, '');
    await page.setInputFiles(file, empty);
    assert.match(await page.getByRole('alert').innerText(), /empty/);
    await requireAccessible(page, 'empty file');
    const huge = join(folder, 'huge.bin');
    writeFileSync(huge, new Uint8Array(17 * 1024 * 1024));
    await page.getByRole('button', { name: 'New input' }).click();
    await page.setInputFiles(file, huge);
    assert.match(await page.getByRole('alert').innerText(), /is no capture/);
  });
});
