// A key log, and a secret of WTLS, that are given to the inspector's page, in Debian's Chromium: what is protected is
// read through to what it carries.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex, concatBytes, utf8ToBytes } from '../../src/core/index.ts';
import { device } from '../codec/wtls/support.ts';
import { pcap } from '../inspect/capture/samples.ts';
import { echoServer, exchangeWith } from '../inspect/secret/tls-exchange.ts';
import { wtlsCapture } from '../inspect/secret/wtls-capture.ts';
import { conversation } from '../inspect/streams/samples.ts';
import { type Inspector, requireGoodConduct, startInspector } from './inspector-browser.ts';

const document = '<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD></SyncHdr></SyncML>';
const request = `POST /dm HTTP/1.1\r\nHost: a\r\nContent-Type: application/vnd.syncml.dm+xml\r\nContent-Length: ${document.length}\r\n\r\n${document}`;

describe('TLS and WTLS in the inspector', () => {
  let inspector: Inspector;
  before(async () => {
    inspector = await startInspector();
  });
  after(() => inspector.close());

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`${version}: to its records without the key log, to the DM message with it, and back`, async (t) => {
      const client = { minVersion: version, maxVersion: version };
      const exchange = await exchangeWith(t, await echoServer(t), { client, lines: [request] });
      const said = exchange.pieces.map(
        ({ end, octets }) =>
          ({ from: end === 0 ? 'client' : 'server', octets: concatBytes(octets) }) as const,
      );
      const watched = await inspector.open();
      const { page } = watched;
      const give = (label: string, name: string, octets: Uint8Array): Promise<void> =>
        page
          .locator(label)
          .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(octets) });
      await give('input[type=file]', 'tls.pcap', pcap(conversation(said, { port: 443 })));
      await page.locator('[data-state=done]').waitFor();
      const opened = page.locator('.row', { hasText: 'dm+xml' });
      assert.equal(await opened.count(), 0);
      await page.locator('.row').last().click();
      assert.match(
        await page.locator('article').innerText(),
        /stay closed: a key log of either end would open it/,
      );
      await page.getByText('Read through WTLS and TLS').click();
      await give('.keys input[type=file]', 'keys.log', utf8ToBytes(exchange.keyLog));
      await page.getByRole('button', { name: 'Read anew' }).click();
      await opened.first().click();
      await page.locator('.format', { hasText: 'dm+xml' }).waitFor();
      const text = await page.locator('article').innerText();
      assert.match(text, /read under TLS 1\.[23], TLS_/);
      assert.match(text, /HTTP request[\s\S]*DM message in XML/);
      // Secrets of the log are in no address and no storage.
      const secret = /[0-9a-f]{64,}$/m.exec(exchange.keyLog)?.[0] ?? '-';
      const stored =
        'JSON.stringify([location.href, {...localStorage}, {...sessionStorage}, document.cookie])';
      assert.ok(!String(await page.evaluate(stored)).includes(secret.slice(0, 16)));
      await page.getByRole('button', { name: 'Forget' }).click();
      await opened.first().waitFor({ state: 'detached' });
      requireGoodConduct(watched);
    });
  }

  it('WTLS: the secret is text, or hex where the box says so; one that can be none is mended in its place', async () => {
    const watched = await inspector.open();
    const { page } = watched;
    const capture = {
      name: 'wtls.pcap',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(wtlsCapture()),
    };
    await page.locator('input[type=file]').setInputFiles(capture);
    await page.locator('[data-state=done]').waitFor();
    const opened = page.locator('.row', { hasText: 'dm1.2' });
    const [identity, secret] = [
      new TextDecoder().decode(device.identity),
      new TextDecoder().decode(device.secret),
    ];
    const give = async (typed: string, hex: boolean): Promise<void> => {
      if ((await page.locator('.keys[open]').count()) === 0)
        await page.getByText('Read through WTLS and TLS').click();
      await page.getByLabel('WTLS identity').fill(identity);
      await page.getByLabel('WTLS secret').fill(typed);
      await page.getByLabel('The secret is in hex').setChecked(hex);
      await page.getByRole('button', { name: 'Read anew' }).click();
    };
    for (const [typed, hex, fault] of [
      ['short', false, /5 octets, at least 16/],
      [`${bytesToHex(device.secret)}0`, true, /not pairs of hex digits/],
      [secret, true, /not pairs of hex digits/],
    ] as const) {
      await give(typed, hex);
      assert.match(await page.locator('.keys [role=alert]').innerText(), fault);
      assert.ok((await page.locator('.row').count()) > 1, 'the capture stays');
    }
    // The panel stays as it is while the capture is read anew.
    const readAnew = async (): Promise<void> => {
      await page.locator('[data-state=done]').waitFor();
      assert.equal(await page.locator('.keys[open]').count(), 1);
      assert.equal(await page.getByLabel('WTLS identity').inputValue(), identity);
    };
    // Hex digits that are typed as text are a text, and another secret.
    await give(bytesToHex(device.secret), false);
    await readAnew();
    assert.equal(await opened.count(), 0);
    for (const [typed, hex] of [
      [secret, false],
      [bytesToHex(device.secret), true],
    ] as const) {
      await give(typed, hex);
      await readAnew();
      await opened.first().waitFor();
      await page.getByRole('button', { name: 'Forget' }).click();
      await opened.first().waitFor({ state: 'detached' });
      await page.locator('[data-state=done]').waitFor();
    }
    requireGoodConduct(watched);
  });
});
