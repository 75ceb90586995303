// Each vector that the package publishes, shown by the inspector's page in Debian's Chromium to its last layer, held against what
// the vector says has to come of it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { bytesToBase64, concatBytes, hexToBytes } from '../../src/core/index.ts';
import { datagram, frame } from '../inspect/frames/samples.ts';
import {
  checkDigest,
  explain,
  type Inspector,
  requireGoodConduct,
  startInspector,
} from './inspector-browser.ts';
import { pcapOf } from './inspector-capture-file.ts';

/** A vector (vectors/schema.json), as far as all kinds have it. */
interface Vector {
  readonly id: string;
  readonly kind: string;
  readonly octets: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
}

const folder = new URL('../../vectors/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'schema.json');
const all: readonly Vector[] = files.flatMap(
  (name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')).vectors,
);
const kinds = [...new Set(all.map(({ kind }) => kind))];

/** Titles of the layers that the page shows, outermost first. */
async function layersOn(page: Page): Promise<readonly string[]> {
  await page.locator('.line.layer').first().waitFor();
  return await page.locator('.line.layer .title').allInnerTexts();
}

async function fieldsOn(page: Page): Promise<ReadonlySet<string>> {
  const names = await page.locator('.line.field .name').allInnerTexts();
  return new Set(names);
}

async function textOf(page: Page): Promise<string> {
  return await page.locator('article').innerText();
}

type Shown = (page: Page, vector: Vector) => Promise<void>;

const chooseType = async (page: Page, { inputs }: Vector): Promise<void> => {
  const code = inputs.contentTypeCode;
  await page.getByLabel('Bare body is').selectOption(String(typeof code === 'number' ? code : 0));
};

const showPackage0: Shown = async (page, vector) => {
  const { id, inputs, expected } = vector;
  await explain(page, vector.octets);
  await chooseType(page, vector);
  const { format } = expected.message as { format: string };
  await page.locator('.format', { hasText: format }).waitFor();
  assert.match((await layersOn(page)).at(-1) ?? '', new RegExp(`^Package #0, format ${format}`), id);
  const shown = await fieldsOn(page);
  for (const { field } of expected.fields as readonly { field: string }[]) {
    assert.ok(shown.has(field), `${id}: ${field} is not shown`);
  }
  // An empty nonce, and an identifier that the message has a hash of, cannot be typed in.
  if (typeof inputs.secret !== 'string' || inputs.nonce === '' || inputs.identifier !== undefined) return;
  const nonce = typeof inputs.nonce === 'string' ? bytesToBase64(hexToBytes(inputs.nonce)) : '';
  const verdict = expected.verdict === null ? /does not hold/ : /^digest holds/;
  assert.match(await checkDigest(page, inputs.secret, nonce), verdict, id);
};

const showRefused: Shown = async (page, vector) => {
  const { id, octets, expected } = vector;
  await explain(page, octets);
  const code = page.locator(`[data-code="${String(expected.code)}"]`);
  if (vector.kind === 'package0-refused') await chooseType(page, vector);
  await page.locator('[data-code]').first().waitFor({ timeout: 10_000 });
  // Octets that are none of one format may be told as what they are nearer to: the code is that of the vector where the field is.
  const told = await page.locator('[data-code]').first().innerText();
  if (told.includes(String(expected.field))) assert.ok((await code.count()) > 0, `${id}: ${told}`);
};

/** The last layer has this title. */
const endsIn =
  (pattern: RegExp, ...more: readonly RegExp[]): Shown =>
  async (page, { id, octets }) => {
    await explain(page, octets);
    const layers = await layersOn(page);
    assert.match(layers.at(-1) ?? '', pattern, id);
    for (const each of more) assert.match(await textOf(page), each, id);
  };

const showPush: Shown = async (page, vector) => {
  await explain(page, vector.octets);
  const layers = await layersOn(page);
  assert.match(layers[0] ?? '', /^WSP/, vector.id);
  const shown = await textOf(page);
  const { contentType } = vector.expected as { contentType: { mime?: string } };
  if (contentType.mime !== undefined) assert.ok(shown.includes(contentType.mime), vector.id);
};

const showUserData: Shown = async (page, { id, octets, expected }) => {
  await explain(page, octets);
  const layers = await layersOn(page);
  assert.match(layers[0] ?? '', /^SMS|^WSP|^Package|^WTLS/, id);
  const ports = expected.ports as { destination: number } | undefined;
  if (ports !== undefined && ports !== null) assert.ok((await fieldsOn(page)).size > 0, id);
};

const showSegments: Shown = async (page, { id, expected }) => {
  const segments = expected.segments as readonly string[];
  await explain(page, segments.join(' '));
  const layers = (await layersOn(page)).filter((title) => title.startsWith('SMS user data'));
  assert.equal(layers.length, segments.length, id);
};

const shows: Readonly<Record<string, Shown>> = {
  package0: showPackage0,
  'package0-refused': showRefused,
  'digest-md5': endsIn(/./),
  'digest-sha256': endsIn(/./),
  'credential-basic': endsIn(/./),
  'credential-md5': endsIn(/./),
  'credential-hmac': endsIn(/./),
  'wsp-push': showPush,
  'wsp-push-refused': showRefused,
  'sms-user-data': showUserData,
  'sms-user-data-refused': showRefused,
  'sms-segments': showSegments,
  'sms-tpdu': endsIn(/^Package #0|content/),
  'bootstrap-mac': endsIn(/(?:WBXML|XML|content)/),
  'bootstrap-userpinmac': endsIn(/(?:WBXML|XML|content)/),
  'signed-message': endsIn(/^DM message in WBXML/, /Signature/),
  'encrypted-message': endsIn(/^DM message in WBXML/, /Signature/),
  'wtls-handshake': async () => {},
  'wtls-record': endsIn(/^WTLS, 1 record/),
};

describe('the inspector and the published vectors', () => {
  let inspector: Inspector;
  before(async () => {
    inspector = await startInspector();
  });
  after(() => inspector.close());

  for (const kind of kinds) {
    it(`${kind}: each is shown to its last layer`, async () => {
      const watched = await inspector.open();
      const show = shows[kind];
      assert.ok(show !== undefined, 'a kind that the page is not held to');
      // Nothing cannot be explained: the button stays disabled.
      const given = all.filter((each) => each.kind === kind && each.octets !== '');
      for (const vector of given) await show(watched.page, vector);
      requireGoodConduct(watched);
    });
  }

  for (const which of ['full', 'abbreviated']) {
    it(`WTLS, ${which} handshake: with the vector's secret to the push in its records`, async () => {
      const watched = await inspector.open();
      const { page } = watched;
      const keys = all.find(({ id }) => id === `wtls.${which}.keys`);
      assert.ok(keys !== undefined);
      await page.setInputFiles('input[type=file]', {
        name: 'wtls.pcap',
        mimeType: 'application/octet-stream',
        buffer: Buffer.from(pcapOf(conversation(which, keys))),
      });
      await page.locator('[data-state=done]').waitFor();
      const number = which === 'full' ? 6 : 5;
      const last = page.locator(`#message-${number}`);
      await last.click();
      await page.locator(`article[data-message="${number}"]`).waitFor();
      assert.match(await textOf(page), /would open it, and was not given/);
      await page.getByText('Read through WTLS and TLS').click();
      await page.getByLabel('WTLS identity').fill('dev1');
      await page.getByLabel('WTLS secret').fill(String(keys.inputs.secret));
      await page.getByLabel('The secret is in hex').check();
      await page.getByRole('button', { name: 'Read anew' }).click();
      await page.locator('[data-state=done]').waitFor();
      await last.click();
      await page.locator('.line.layer', { hasText: 'opened with the secret' }).waitFor();
      const titles = (await layersOn(page)).join('\n');
      assert.match(titles, /opened with the secret: application_data[\s\S]*WSP connectionless push/);
      requireGoodConduct(watched);
    });
  }
});

/** The handshake and the records of a vector, each in a datagram as it would have gone. */
function conversation(which: string, keys: Vector): readonly Uint8Array[] {
  const record = (side: string, number: number): Uint8Array => {
    const found = all.find(({ id }) => id === `wtls.${which}.${side}.${number}`);
    assert.ok(found !== undefined);
    return hexToBytes(found.octets);
  };
  const [clientHello = '', ...answers] = keys.inputs.handshake as readonly string[];
  const plain = (type: number, number: number, octets: Uint8Array): Uint8Array =>
    concatBytes(Uint8Array.of(0xc0 | type, 0, number, 0, octets.length), octets);
  const handshake = 3;
  const changes = (number: number): Uint8Array => plain(1, number, Uint8Array.of(1));
  const greeting = plain(handshake, 0, hexToBytes(answers.join('')));
  const finished = { client: record('client', 0), server: record('server', 0) };
  const datagrams: readonly (readonly ['client' | 'server', Uint8Array])[] = [
    ['client', plain(handshake, 0, hexToBytes(clientHello))],
    ...(which === 'full'
      ? ([
          ['server', greeting],
          ['client', concatBytes(changes(1), finished.client)],
          ['server', concatBytes(changes(1), finished.server)],
        ] as const)
      : ([
          ['server', concatBytes(greeting, changes(1), finished.server)],
          ['client', concatBytes(changes(1), finished.client)],
        ] as const)),
    ['server', record('server', 1)],
    ['server', record('server', 17)],
  ];
  return datagrams.map(([from, octets]) => {
    const [source, destination] = from === 'client' ? [2949, 40_000] : [40_000, 2949];
    const framed = frame('ethernet', datagram(octets, { source, destination }));
    if (from === 'client') framed.set([...framed.subarray(30, 34), ...framed.subarray(26, 30)], 26);
    return framed;
  });
}
