// What goes over TLS is recorded in the clear, at a server that speaks HTTP and at one that does not, and at a client.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { CaptureFile } from '../../../src/cli/capture/capture-file.ts';
import { LeftOut } from '../../../src/cli/capture/left-out.ts';
import { Recorder } from '../../../src/cli/capture/recorder.ts';
import { tapSockets } from '../../../src/cli/capture/tap.ts';
import { systemClock } from '../../../src/core/index.ts';
import { messagesOf } from './captures.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-capture-tls-'));
after(() => rmSync(folder, { recursive: true }));

const pem = (name: string): string =>
  readFileSync(new URL(`../../device/tls/${name}.pem`, import.meta.url), 'utf8');
const tls = { key: pem('server.key'), cert: pem('server') };
const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';

const servers: readonly (readonly [string, () => Server])[] = [
  ['https', () => createHttps(tls, (_request, response) => response.end('hello'))],
  ['tls', () => createServer(tls, (socket) => socket.once('data', () => socket.end(answer)))],
];

for (const [name, make] of servers) {
  for (const end of ['client', 'server'] as const) {
    test(`${name}: the ${end}'s end`, async () => {
      const path = join(folder, `${name}-${end}.pcapng`);
      const file = await CaptureFile.create(path, 1e6, false, () => undefined);
      const leftOut = new LeftOut(false);
      const options = { file, clock: systemClock(), secrets: [], leftOut, onMasked: () => undefined };
      const recorder = new Recorder({ ...options, application: 'Reveille' });
      const leave = tapSockets(recorder);
      const server = make();
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      // Of a connection within this process one end is recorded: the other one has to be left out.
      if (end === 'client') leftOut.apiServer(server);
      else leftOut.apiAddress(new URL(`https://127.0.0.1:${port}`));
      const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
      socket.on('data', () => undefined);
      socket.write(
        'GET /secure HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer abcdefgh\r\n\r\n',
      );
      await once(socket, 'close');
      server.close();
      await once(server, 'close');
      leave();
      recorder.end();
      await file.close();
      const [request, response, ...more] = messagesOf(path);
      assert.deepEqual(more, []);
      assert.equal(request?.protocol, 'http');
      assert.equal(response?.protocol, 'http');
      const text = readFileSync(path).toString('latin1');
      assert.match(text, /plaintext of TLS/);
      assert.match(text, /GET \/secure HTTP\/1\.1/);
      assert.match(text, /hello/);
      assert.equal(text.includes('abcdefgh'), false);
    });
  }
}
