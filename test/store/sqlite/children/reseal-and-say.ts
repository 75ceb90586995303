// Seals the store in FILE under the key KEY, saying on standard output when a set of records has been written.
import { readSealKeys } from '../../../../src/store/index.ts';
import { resealStore } from '../../../../src/store/sqlite/index.ts';

const [file = '', key = ''] = process.argv.slice(2);
await resealStore({
  file,
  keys: readSealKeys(key, 'a key'),
  onProgress: ({ table, done }) => process.stdout.write(`${table} ${done}\n`),
});
