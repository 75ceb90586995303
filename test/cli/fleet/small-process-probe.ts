// Makes rubbish of which some lives for a while, and prints how large the young generation of the heap was, in octets: the
// middle of many looks, for it may take more for a moment. With the argument `small`, as a fleet's process does it.
import { getHeapSpaceStatistics } from 'node:v8';
import { keepSmall } from '../../../src/cli/fleet/small-process.ts';

if (process.argv[2] === 'small') keepSmall();
const alive: unknown[] = [];
const looks: number[] = [];
for (let at = 0; at < 2_000_000; at += 1) {
  alive[at % 2000] = { at, list: [at, at + 1, at + 2], text: `number ${at}` };
  if (at % 10_000 > 0) continue;
  for (const { space_name, physical_space_size } of getHeapSpaceStatistics()) {
    if (space_name === 'new_space') looks.push(physical_space_size);
  }
}
looks.sort((one, other) => one - other);
console.log(looks[looks.length >> 1]);
