// The PAP endpoint's port: what never becomes a request is in the log.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { it } from 'node:test';
import { openPapEndpoint, type PapEndpointContext } from '../../../src/cli/bindings/open-pap-endpoint.ts';
import { ConfigError, silentLogger, systemClock } from '../../../src/core/index.ts';
import { eventually } from '../../../src/testing/index.ts';

const section = {
  address: '127.0.0.1',
  port: 0,
  allowPlainBasic: true,
  initiators: [{ name: 'partner', credentials: { username: 'partner', password: 'secret' } }],
} as unknown as Parameters<typeof openPapEndpoint>[0];

/** What it is opened with, and a queue in which nothing waits. */
function context(info: (...line: unknown[]) => void): PapEndpointContext {
  const store = {
    claimResults: async () => [],
    nextResult: async () => undefined,
    onEvent: () => () => undefined,
    onClockMoved: () => () => undefined,
  };
  return {
    store,
    logger: { ...silentLogger, info },
    clock: systemClock({ unref: true }),
    node: 'n',
    devices: {},
    bindings: {},
  } as unknown as PapEndpointContext;
}

it('a connection that speaks no HTTP is in the log, with its peer', async () => {
  const lines: unknown[][] = [];
  const endpoint = openPapEndpoint(
    section,
    context((...line) => void lines.push(line)),
  );
  const url = new URL(await endpoint.listen());
  assert.equal(url.pathname, '/pap');
  const socket = connect(Number(url.port), '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.resume().end('no request\r\n\r\n');
    await eventually(() => lines.length > 0, 'a line in the log', 1);
    const [[about, text] = []] = lines as [{ peer: string; reason: string }, string][];
    assert.equal(about?.reason, 'protocol');
    assert.match(about?.peer ?? '', /127\.0\.0\.1/);
    assert.match(text ?? '', /^PAP port: /);
  } finally {
    socket.destroy();
    await endpoint.close();
  }
});

it('a setting that cannot be is an error of the section', () => {
  const make = () =>
    openPapEndpoint(
      { ...section, maxPayload: 0 },
      context(() => undefined),
    );
  assert.throws(make, (error: unknown) => {
    assert.ok(error instanceof ConfigError, String(error));
    assert.match(error.message, /^section "papEndpoint": .*maxPayload/);
    return true;
  });
});
