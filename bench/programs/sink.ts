// Takes datagrams of the loopback and counts them: `node sink.ts PORT` (0: any). Tells its port as soon as it has one, answers
// `count` with a `SinkCount`, and begins anew at `reset`.
import { createSocket } from 'node:dgram';

/** What came in since the last `reset`. */
export interface SinkCount {
  readonly count: number;
  /** When the first and the last one came, milliseconds since the POSIX epoch with fractions; 0 before any. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** What the sink says, over the channel of its parent. */
export type SinkSays = { readonly port: number } | SinkCount;

const bufferOctets = 8 * 1024 * 1024;
let count = 0;
let [firstAt, lastAt] = [0, 0];

const socket = createSocket({ type: 'udp4', recvBufferSize: bufferOctets });
socket.on('message', () => {
  lastAt = performance.timeOrigin + performance.now();
  if (count === 0) firstAt = lastAt;
  count += 1;
});
const say = (says: SinkSays): void => void process.send?.(says);
process.on('message', (asked) => {
  if (asked === 'reset') {
    count = 0;
    [firstAt, lastAt] = [0, 0];
  }
  say({ count, firstAt, lastAt });
});
process.on('disconnect', () => process.exit(0));
socket.bind(Number(process.argv[2] ?? 0), '127.0.0.1', () => say({ port: socket.address().port }));
