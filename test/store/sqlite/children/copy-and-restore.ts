// Copies a store or puts one back, and says when it begins; run by a test that kills it meanwhile.
import { copyStore, restoreStore } from '../../../../src/store/sqlite/index.ts';

const [what, from = '', to = ''] = process.argv.slice(2);
console.log('begins');
if (what === 'backup') await copyStore(from, to);
else await restoreStore({ file: from, folder: to });
