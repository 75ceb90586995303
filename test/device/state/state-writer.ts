// Saves one state after the other until it is killed, and prints the number of each that is durable. For state-file.test.ts.
import { openStateFile } from '../../../src/device/state/state-file.ts';

const storage = openStateFile(process.argv[2] ?? '');
const before = storage.load() as { count: number } | undefined;
for (let count = (before?.count ?? 0) + 1; ; count += 1) {
  await storage.save({ count, filler: String(count % 10).repeat(50_000) });
  process.stdout.write(`${count}\n`);
}
