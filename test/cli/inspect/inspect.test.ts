// reveille inspect: captures and pasted octets, as lines, trees and JSON.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { bytesToHex, concatBytes, hexToBytes } from '../../../src/core/index.ts';
import { type CompactLayer, explainOctets } from '../../../src/inspect/index.ts';
import { pcap } from '../../inspect/capture/samples.ts';
import { datagram, frame } from '../../inspect/frames/samples.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-inspect-'));
after(() => rmSync(folder, { recursive: true }));

const push = hexToBytes(
  '010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);
const octets = frame('ethernet', datagram(push));
const other = frame('ethernet', datagram(hexToBytes('1234'), { destination: 53 }));
const capture = pcap([{ octets }, { octets: other }, { octets }]);

function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface Line {
  readonly number: number;
  readonly format: string;
  readonly verified: boolean | null;
  readonly protocol: string;
  readonly error?: { readonly offset: number };
  readonly family?: { readonly name: string; readonly lost: boolean };
  readonly layers: readonly CompactLayer[];
}

const parsed = (lines: readonly string[]): readonly Line[] => lines.map((line): Line => JSON.parse(line));

test('a capture has a line for each message', async () => {
  const { status, lines, stderr } = await runCli(['inspect'], { stdin: capture });
  assert.equal(status, 0, stderr);
  assert.deepEqual(lines, [
    '    1  22:13:20.000000  frame 1  192.0.2.1:49154 → 192.0.2.2:2948  wsp  Package #0 dm1.2 from com.mgmtsrv.manage, session 1234',
    '    2  22:13:20.000000  frame 2  192.0.2.1:49154 → 192.0.2.2:53  udp  content (2 octets)',
    '    3  22:13:20.000000  frame 3  192.0.2.1:49154 → 192.0.2.2:2948  wsp  Package #0 dm1.2 from com.mgmtsrv.manage, session 1234',
  ]);
});

test('--frame shows a tree, --only chooses, --full shows all', async () => {
  const path = file('capture.pcap', capture);
  const one = await runCli(['inspect', path, '--frame', '3'], { env: { REVEILLE_SECRET: 'secret' } });
  assert.equal(one.status, 0);
  assert.match(one.stdout, /^ +3 .*digest holds\nEthernet II \(90 octets\)\n/);
  assert.match(one.stdout, /\n {8}└ Package #0, format dm1\.2 \(42 octets\)\n/);
  assert.match(one.stdout, /sessionId +4660 +session 1234 \(hex\) +DM-NOTI-1\.2 §6\.2\.10\n/);
  assert.equal((await runCli(['inspect', path, '--only', 'package0'])).lines.length, 2);
  assert.equal((await runCli(['inspect', path, '--only', 'udp', '--only', 'dm1.2'])).lines.length, 3);
  const full = await runCli(['inspect', path, '--full']);
  assert.equal(full.stdout.match(/Ethernet II/g)?.length, 3);
});

test('--json has every layer and field, and octets once', async () => {
  const secret = file('secret', 'secret\n');
  const { status, lines } = await runCli(['inspect', '--json', '--secret-file', secret], { stdin: capture });
  assert.equal(status, 0);
  const [line] = parsed(lines);
  assert.ok(line);
  assert.equal(line.verified, true);
  const [explained] = explainOctets(octets);
  assert.ok(explained);
  const expected = explained.explanation.layers.map(({ fields, ...layer }, index) => ({
    ...layer,
    ...(index === 0 ? { octets: bytesToHex(octets) } : {}),
    fields: fields.map(({ name, offset, bit, bits, length, value, meaning, document, section }) => ({
      ...{ name, offset, length, value },
      ...(bit === null ? {} : { bit, bits }),
      ...(meaning === '' ? {} : { meaning }),
      rule: section === '' ? document : `${document} §${section}`,
    })),
  }));
  assert.deepEqual(line.layers, expected);
});

test('octets in other forms are a tree, or JSON', async () => {
  const hex = bytesToHex(push);
  const tree = await runCli(['inspect'], { stdin: hex });
  assert.equal(tree.status, 0);
  assert.match(tree.stdout, /^WSP connectionless push\n/);
  assert.match(tree.stdout, /digest: not checked/);
  const [line] = parsed((await runCli(['inspect', '--json'], { stdin: hex })).lines);
  assert.deepEqual([line?.number, line?.format], [1, 'dm1.2']);
});

test('a wrong secret, and what a family would not take', async () => {
  const wrong = await runCli(['inspect', '--json', '--family', 'aosp'], {
    stdin: capture,
    env: { REVEILLE_SECRET: 'another' },
  });
  assert.equal(wrong.status, 1);
  const [line] = parsed(wrong.lines);
  assert.equal(line?.verified, false);
  assert.equal(line?.family?.name, 'aosp');
});

test('a capture that is cut or damaged is read up to there, and says where', async () => {
  const cut = await runCli(['inspect', '--json'], { stdin: capture.slice(0, capture.length - 5) });
  assert.equal(cut.status, 1);
  const lines = parsed(cut.lines);
  assert.equal(lines.length, 3);
  assert.equal(lines.at(-1)?.error?.offset, capture.length - octets.length - 16);
  assert.match(
    cut.stderr,
    /^reveille: the capture is read up to here: packet: the file ends within packet 3 \(byte 190; PCAP §5\)\n$/,
  );
});

test('--compare shows the fields that differ', async () => {
  const changed = push.slice();
  changed[27] = 0x13;
  const [a, b] = [file('a', bytesToHex(push)), file('b', bytesToHex(changed))];
  const same = await runCli(['inspect', a, '--compare', a]);
  assert.deepEqual([same.status, same.stdout], [0, 'no field differs\n']);
  const differ = await runCli(['inspect', a, '--compare', b]);
  assert.equal(differ.status, 1);
  assert.match(
    differ.stdout,
    /^package0\.sessionId {2}DM-NOTI-1\.2 §6\.2\.10\n {2}- 4660 \(session 1234 \(hex\)\), byte 27\n {2}\+ /,
  );
  const json = await runCli(['inspect', file('c', capture), '--compare', b, '--json']);
  assert.ok(JSON.parse(json.stdout).differences.length > 1);
});

test('--compare tells octets that differ where no value does', async () => {
  const [a, b] = [file('s', bytesToHex(push)), file('t', bytesToHex(push).replace('010603', '01068003'))];
  const differ = await runCli(['inspect', a, '--compare', b]);
  assert.equal(differ.status, 1);
  assert.match(
    differ.stdout,
    /^wsp\.headersLength {2}WSP §8\.2\.4\.1 {2}the same, spelled otherwise\n {2}- 3 .*byte 2, octets 03\n {2}\+ 3 .*octets 8003\n$/,
  );
  const json = JSON.parse((await runCli(['inspect', a, '--compare', b, '--json'])).stdout);
  assert.deepEqual(
    json.differences.map((each: { field: string; spelledOtherwise?: true }) => [
      each.field,
      each.spelledOtherwise,
    ]),
    [['wsp.headersLength', true]],
  );
  const xml =
    '<SyncML><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto></SyncHdr><SyncBody/></SyncML>';
  const plain = file('u', xml);
  for (const [index, other] of [
    xml.replace('<SyncBody/>', '<!-- a --><SyncBody/>'),
    xml.replace('<SyncBody/>', '<SyncBody></SyncBody>'),
    xml.replace('1.2</VerDTD>', '1.&#50;</VerDTD>'),
    `${xml}\n`,
    `<?xml version="1.0"?>${xml}`,
  ].entries()) {
    const compared = await runCli(['inspect', plain, '--compare', file(`v${index}`, other)]);
    assert.equal(compared.status, 1, other);
    assert.doesNotMatch(compared.stdout, /no field differs/, other);
  }
});

test('--compare tells what it could not read, and of several messages which it takes', async () => {
  const [a, bad, worse] = [file('k', bytesToHex(push)), file('l', '06 05 zz'), file('m', '07 0g')];
  const unread = await runCli(['inspect', bad, '--compare', worse]);
  assert.deepEqual([unread.status, unread.stdout], [2, '']);
  assert.match(unread.stderr, /l holds no message to compare: .*line 1, column 7: "z" is not a hex digit/);
  const several = file('n', `${bytesToHex(push)}\n${bytesToHex(other)}\n`);
  const first = await runCli(['inspect', several, '--compare', a]);
  assert.deepEqual([first.status, first.stdout], [0, 'no field differs\n']);
  assert.match(first.stderr, /n holds several messages: the first is compared/);
  const cut = await runCli(['inspect', a, '--compare', file('o', bytesToHex(push.subarray(0, 40)))]);
  assert.equal(cut.status, 1);
  assert.match(cut.stderr, /o is compared as far as it is read: serverId/);
});

test('--compare takes the first message that --only chooses, by its format too', async () => {
  const path = file('f', pcap([{ octets: other }, { octets }]));
  const b = file('g', bytesToHex(push));
  const differences = async (...only: string[]): Promise<string> => {
    const args = only.flatMap((each) => ['--only', each]);
    return (await runCli(['inspect', path, '--compare', b, ...args])).stdout;
  };
  for (const only of [['dm1.2'], ['wsp'], ['package0'], ['dm1.3', 'dm1.2']]) {
    assert.doesNotMatch(await differences(...only), /package0/, only.join());
  }
  assert.match(await differences(), /package0/);
  const none = await runCli(['inspect', path, '--compare', b, '--only', 'dm1.3']);
  assert.equal(none.status, 2);
  assert.match(none.stderr, /holds no message to compare/);
  const packed = file('h', gzipSync(capture));
  const unread = await runCli(['inspect', packed, '--compare', b]);
  assert.equal(unread.status, 1);
  assert.match(unread.stderr, /gunzip it first/);
});

test('usage', async () => {
  for (const args of [
    ['inspect'],
    ['inspect', '--ask-secret', '-'],
    ['inspect', '--nonce', 'AAAAAA==', file('d', capture)],
    ['inspect', '--secret', 'text'],
    ['inspect', '--frame', '0', file('e', capture)],
  ]) {
    assert.equal((await runCli(args)).status, 2, args.join(' '));
  }
  assert.equal((await runCli(['inspect', join(folder, 'nothing')])).status, 1);
  assert.equal((await runCli(['inspect', file('f', '')])).status, 2);
});

test('--only and --frame that nothing answers to are told', async () => {
  const path = file('told', capture);
  const names = await runCli(['inspect', path, '--only', 'wsp', '--only', 'nonsense']);
  assert.equal(names.status, 2);
  assert.match(names.stderr, /--only nonsense.*dm1\.2, .*message, .*wsp, .*package0/);
  assert.equal((await runCli(['inspect', file('pasted', bytesToHex(push)), '--only', 'nonsense'])).status, 2);
  const beyond = await runCli(['inspect', path, '--frame', '4']);
  assert.deepEqual(
    [beyond.status, beyond.stdout, beyond.stderr],
    [1, '', 'reveille: there is no frame 4: the capture has 3\n'],
  );
  const last = await runCli(['inspect', path, '--frame', '3']);
  assert.deepEqual([last.status, last.stderr], [0, '']);
  const none = await runCli(['inspect', path, '--frame', '2', '--only', 'wsp']);
  assert.deepEqual(
    [none.status, none.stdout, none.stderr],
    [0, '', 'reveille: frame 2 is part of no message that --only chooses\n'],
  );
  const pasted = await runCli(['inspect', file('pasted', bytesToHex(push)), '--frame', '1']);
  assert.equal(pasted.status, 2);
  assert.match(pasted.stderr, /--frame is for captures/);
  for (const name of ['dm1.3-2010', 'document', 'sms-tpdu', 'ethernet', 'other']) {
    assert.equal((await runCli(['inspect', path, '--only', name])).status, 0, name);
  }
});

test('what no text can show is escaped in JSON, which stays one line', async () => {
  const strange = concatBytes(
    hexToBytes('00'.repeat(16)),
    hexToBytes('02d0000000000109'),
    new TextEncoder().encode('"\\\u007f\u00e9\ud83d\ude00'),
  );
  const { lines } = await runCli(['inspect', '--json'], { stdin: bytesToHex(strange) });
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /\\ud83d\\ude00/);
  assert.doesNotThrow(() => JSON.parse(lines[0] ?? ''));
});
