// Delivers webhooks of the store in a file until it is killed; writes a line when it has begun.
import { silentLogger, systemClock } from '../../../../src/core/index.ts';
import { WebhookService } from '../../../../src/server/index.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/index.ts';

const [file = ''] = process.argv.slice(2);
const store = await openSqliteStore({ file, groupCommitMs: 0 });
const service = new WebhookService({
  store,
  clock: systemClock(),
  logger: silentLogger,
  random: Math.random,
  settings: { view: (event) => event, allow: ['127.0.0.0/8'], pauses: [20, 20, 20, 20, 20, 20, 20, 20, 20] },
});
await service.start();
process.stdout.write('begun\n');
// Whoever started it may be gone.
process.stdin.on('end', () => process.exit(0)).resume();
