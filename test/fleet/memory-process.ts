// Prints octets of heap and of buffers for each of so many devices that are up and asleep. Needs --expose-gc.
import { createFleet } from '../../src/fleet/index.ts';

const devices = Number(process.argv[2]);
const used = (): number => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};
// The first one brings the code in.
const one = createFleet({ devices: 1, dmUrl: 'http://127.0.0.1:9/dm' });
await one.start();
await one.stop();
const before = used();
const fleet = createFleet({ devices, first: 1, dmUrl: 'http://127.0.0.1:9/dm' });
await fleet.start();
console.log(Math.round((used() - before) / devices));
await fleet.stop();
