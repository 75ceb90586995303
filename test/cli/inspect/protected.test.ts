// reveille inspect with what opens protected captures: only from files.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pcap } from '../../inspect/capture/samples.ts';
import { echoServer, exchangeWith } from '../../inspect/secret/tls-exchange.ts';
import { wtlsCapture } from '../../inspect/secret/wtls-capture.ts';
import { conversation } from '../../inspect/streams/samples.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-inspect-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The secret of `device`, as text. */
const secret = 'Z'.repeat(20);

test('--wtls-secret-file reads a push to Package #0; the section waps and a list are taken too', async () => {
  const capture = file('wtls.pcap', wtlsCapture());
  const one = { identity: 'dev1', secret };
  for (const given of [one, [one], { secrets: [one] }]) {
    const path = file('secret.json', JSON.stringify(given));
    const { status, lines, stderr } = await runCli(['inspect', capture, '--wtls-secret-file', path]);
    assert.equal(status, 0, stderr);
    assert.match(lines.at(-1) ?? '', / wtls {2}.*Package #0 dm1\.2 from com\.mgmtsrv\.manage, session 1234/);
    assert.equal(statSync(path).mode & 0o077, 0);
  }
  const without = await runCli(['inspect', capture]);
  assert.match(without.stdout, /the secret under the identity "dev1" would open it, and was not given/);
});

test('a file that holds no secret is refused, and nothing of it is shown', async () => {
  for (const [content, expected] of [
    ['{', /secret\.json/],
    ['[]', /holds no secret/],
    ['{"identity":"dev1"}', /JSON with "identity" and "secret" was expected/],
    ['{"identity":"dev1","secret":"Qshort"}', /secrets\[0\]\.secret: has 6 octets/],
  ] as const) {
    const path = file('secret.json', content);
    const { status, stderr } = await runCli(['inspect', '-', '--wtls-secret-file', path], {
      stdin: wtlsCapture(),
    });
    assert.notEqual(status, 0);
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /Qshort/);
  }
});

test('--tls-keys reads what is under TLS; faults are named by line', async (t) => {
  const lines = ['POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n'];
  const exchange = await exchangeWith(t, await echoServer(t), { lines });
  const said = exchange.pieces.map(
    ({ end, octets }) => ({ from: end === 0 ? 'client' : 'server', octets }) as const,
  );
  const capture = file('tls.pcap', pcap(conversation(said, { port: 443 })));
  const keys = file('keys.log', `CLIENT_RANDOM 12 34\n${exchange.keyLog}`);
  const read = await runCli(['inspect', capture, '--tls-keys', keys]);
  assert.match(read.stdout, / http {2}/);
  assert.match(read.stdout, /read under TLS 1\.3, TLS_/);
  assert.match(read.stderr, /keys\.log, line 1: CLIENT_RANDOM: its random is not 32 octets in hex\n/);
  // The file is the program's that writes it: nothing of it is changed.
  for (const [mode, warns] of [
    [0o644, true],
    [0o600, false],
  ] as const) {
    chmodSync(keys, mode);
    const { stderr } = await runCli(['inspect', capture, '--tls-keys', keys]);
    assert.equal(statSync(keys).mode & 0o777, mode);
    assert.equal(
      /keys\.log has mode 0644: others on this machine can use what it holds\n/.test(stderr),
      warns,
    );
  }
  const none = await runCli(['inspect', capture, '--tls-keys', file('none.log', '# nothing\n')]);
  assert.match(none.stderr, /none\.log: holds no keys of a TLS connection/);
});
