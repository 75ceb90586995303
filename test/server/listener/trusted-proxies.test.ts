// Whom X-Forwarded-For names, and who may say so.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { ConfigError } from '../../../src/core/index.ts';
import { peerFinder } from '../../../src/server/listener/trusted-proxies.ts';
import { listening } from '../dm-http.ts';
import { withServer } from '../server-bench.ts';

test('the peer is the first address from the end that no trusted proxy has', () => {
  const chain = '203.0.113.1, 2001:db8::7 ,10.1.2.3';
  for (const [trusted, connected, forwardedFor, peer] of [
    [false, '127.0.0.1', chain, '127.0.0.1'],
    [true, '127.0.0.1', chain, '203.0.113.1'],
    [true, '127.0.0.1', undefined, '127.0.0.1'],
    [true, '127.0.0.1', ' , ', '127.0.0.1'],
    ['127.0.0.1', '192.0.2.1', chain, '192.0.2.1'],
    ['127.0.0.1', '127.0.0.1', chain, '10.1.2.3'],
    ['loopback', '::1', chain, '10.1.2.3'],
    ['loopback', '::ffff:127.0.0.1', chain, '10.1.2.3'],
    ['loopback, uniquelocal', '127.0.0.2', chain, '2001:db8::7'],
    ['127.0.0.1, 10.0.0.0/8, 2001:db8::/32', '127.0.0.1', chain, '203.0.113.1'],
    ['linklocal', 'fe80::1', 'nobody', 'nobody'],
    // What is no address is trusted by nobody.
    ['127.0.0.1', '127.0.0.1', '203.0.113.1, unknown', 'unknown'],
  ] as const) {
    assert.equal(peerFinder(trusted)(connected, forwardedFor), peer, `${trusted} ${connected}`);
  }
});

test('what is neither an address nor a network is refused by name', () => {
  for (const list of [
    '',
    'proxy.example',
    '10.0.0.0/33',
    '10.0.0.0/x',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::1/129',
    '127.0.0.1,',
  ]) {
    assert.throws(
      () => peerFinder(list),
      (error) => error instanceof ConfigError && error.message.startsWith('trustProxy: "'),
      list,
    );
  }
});

test('a request for a whole address, as a proxy is asked, is one for its path', () =>
  withServer({}, (bench) =>
    listening(bench, async ({ port }) => {
      const ask = (target: string) =>
        new Promise<string>((resolve) => {
          const socket = connect(port, '127.0.0.1', () =>
            socket.write(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`),
          );
          let seen = '';
          socket.on('data', (part) => {
            seen += part.toString('latin1');
          });
          socket.on('close', () => resolve(seen.slice(9, 12)));
        });
      assert.equal(await ask('http://dm.example.com/dm?s=1'), '405');
      assert.equal(await ask('http://dm.example.com:8080/other'), '404');
      assert.equal(await ask('http://dm.example.com'), '404');
    }),
  ));
