// Commands whose --server has the wrong scheme, or a certificate of an authority that is not known, against real servers.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { test } from 'node:test';
import { runCli } from '../run-cli.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../device/tls/${name}`, import.meta.url));

/** Asks a server of its own for its status, by that scheme, and gives what the command says. */
async function told(server: Server, scheme: string, ...options: readonly string[]): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const { status, stderr } = await runCli([
      'status',
      '--server',
      `${scheme}://127.0.0.1:${port}`,
      ...options,
    ]);
    assert.equal(status, 1);
    assert.equal(stderr.split('\n').length, 2, stderr);
    return stderr;
  } finally {
    server.close();
  }
}

const plain = () => createServer((_, response) => response.end('{}'));
const secure = () =>
  createTlsServer({ cert: fixture('server.pem'), key: fixture('server.key.pem') }, (_, response) =>
    response.end('{}'),
  );

for (const options of [[], ['--ready']]) {
  const name = ['status', ...options].join(' ');

  test(`${name}: https: where no TLS is spoken`, async () => {
    assert.match(await told(plain(), 'https', ...options), /does not speak TLS there; give http:/);
  });

  test(`${name}: http: where TLS is spoken`, async () => {
    assert.match(
      await told(secure(), 'http', ...options),
      /closed the connection; if .* TLS there, give https:/,
    );
  });

  test(`${name}: a certificate that nobody vouches for`, async () => {
    const text = await told(secure(), 'https', ...options);
    assert.match(text, /vouches for its certificate; NODE_EXTRA_CA_CERTS names/);
    assert.doesNotMatch(text, /Node\.js/);
  });
}
