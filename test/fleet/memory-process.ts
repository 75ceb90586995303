// Prints octets for each of so many devices that are up and asleep, as JSON: in use (heap and buffers), and resident. The process
// is kept small, as that of `reveille fleet` is.
import { keepSmall, sweep } from '../../src/cli/fleet/small-process.ts';
import { createFleet } from '../../src/fleet/index.ts';

const devices = Number(process.argv[2]);
const look = (): { readonly used: number; readonly resident: number } => {
  sweep();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { used: heapUsed + external, resident: rss };
};
keepSmall();
// The first one brings the code in.
const one = createFleet({ devices: 1, dmUrl: 'http://127.0.0.1:9/dm' });
await one.start();
await one.stop();
const before = look();
const fleet = createFleet({ devices, first: 1, dmUrl: 'http://127.0.0.1:9/dm' });
await fleet.start();
const up = look();
const each = (name: 'used' | 'resident'): number => Math.round((up[name] - before[name]) / devices);
console.log(JSON.stringify({ used: each('used'), resident: each('resident') }));
await fleet.stop();
