// The warning of a REST API that other machines reach without TLS.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { plainApiWarning, tellWarnings } from '../../../src/cli/set-up/warnings.ts';
import { silentLogger } from '../../../src/core/index.ts';

it('names the place, and is left out on loopback and with TLS', () => {
  const warnings: unknown[] = [];
  const logger = { ...silentLogger, warn: (...line: unknown[]) => void warnings.push(line) };
  const door = { port: 8081, tokens: [], hosts: [] };
  tellWarnings(
    logger,
    plainApiWarning({ ...door, host: '127.0.0.1' }),
    plainApiWarning({ ...door, host: '0.0.0.0', tls: { cert: '', key: '' } }),
  );
  assert.deepEqual(warnings, []);
  tellWarnings(logger, plainApiWarning({ ...door, host: '0.0.0.0' }));
  assert.deepEqual(warnings, [
    [
      { host: '0.0.0.0', port: 8081 },
      'the REST API listens without TLS: whoever sees the traffic can use its tokens',
    ],
  ]);
});
