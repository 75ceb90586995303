// A conversation in WTLS between both our ends as a capture: the secret is that of `device`, the push a Package #0.
import { hexToBytes } from '../../../src/core/index.ts';
import { Pair } from '../../codec/wtls/support.ts';
import { pcap } from '../capture/samples.ts';
import { datagram, frame } from '../frames/samples.ts';

const push = hexToBytes(
  '010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);

/** A handshake and a push. */
export function wtlsCapture(): Uint8Array {
  const pair = new Pair();
  pair.connect();
  pair.run();
  pair.push(push);
  pair.run();
  return pcap(
    pair.sent.map(({ direction, datagram: octets }) => {
      const isBack = direction === 'to-server';
      const [source, destination] = isBack ? [2949, 40_000] : [40_000, 2949];
      const framed = frame('ethernet', datagram(octets, { source, destination }));
      // The samples go from one address to the other; here they come back too.
      if (isBack) framed.set([...framed.subarray(30, 34), ...framed.subarray(26, 30)], 26);
      return { octets: framed };
    }),
  );
}
