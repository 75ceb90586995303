// Two carriers that are not fast: `node carriers.ts`. A gateway that takes connections and never answers, and a message centre
// that takes everything. Tells its ports, and runs until its parent ends.
import { createServer, type Socket } from 'node:net';
import { SmscSimulator } from '../../src/testing/index.ts';

/** Where they listen, on 127.0.0.1. */
export interface CarrierPorts {
  readonly dead: number;
  readonly centre: number;
}

const held = new Set<Socket>();
const dead = createServer((socket) => {
  held.add(socket);
  socket.on('error', () => {}).on('close', () => held.delete(socket));
  socket.resume();
});
process.on('disconnect', () => process.exit(0));
const centre = await new SmscSimulator({ host: '127.0.0.1', port: 0 }).start();
dead.listen(0, '127.0.0.1', () => {
  const address = dead.address();
  const ports: CarrierPorts = { dead: typeof address === 'object' ? (address?.port ?? 0) : 0, centre };
  process.send?.(ports);
});
