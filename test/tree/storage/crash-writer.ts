// Commits to a tree file over and over, each commit changing two leaves, until it is killed. Says when it has begun.
import { createFileStorage, ManagementTree } from '../../../src/tree/index.ts';

const file = process.argv[2] ?? '';
const storage = createFileStorage(file);
const snapshot = await storage.load();
const tree = new ManagementTree({ storage, ...(snapshot === undefined ? {} : { snapshot }) });
const filler = 'x'.repeat(20_000);
for (let n = Number(tree.node('./A')?.value ?? 0) + 1; ; n += 1) {
  await tree.run((transaction) => {
    transaction.set('./A', { value: String(n) });
    transaction.set('./Filler', { value: filler + String(n) });
    transaction.set('./B', { value: String(n) });
  });
  process.stdout.write(`${n}\n`);
}
