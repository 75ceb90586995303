// Flags of `reveille fleet`: which go together, and what becomes of them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type FleetFlags,
  fleetOptionsOf,
  readRunNumbers,
  refusingFlags,
} from '../../../src/cli/fleet/fleet-flags.ts';
import { UsageError } from '../../../src/cli/io/io.ts';
import { ValueError } from '../../../src/core/index.ts';

const flags: FleetFlags = {
  devices: '3',
  first: '7',
  seed: '5',
  serverId: 'com.example.dm',
  dmUrl: 'http://127.0.0.1:8080/dm',
  host: '127.0.0.1',
  firstPort: '0',
  maxAwake: '50',
};
const register = 'http://127.0.0.1:8081';
const usage = (message: string) => (error: unknown) => {
  assert.ok(error instanceof UsageError, String(error));
  assert.equal(error.message, message);
  return true;
};

describe('numbers of a fleet run', () => {
  it('are undefined where nothing was said, and nobody is rehearsed with', () => {
    const nothing = { seconds: undefined, perSecond: undefined, rehearsed: 0 };
    assert.deepEqual(readRunNumbers(flags), nothing);
    assert.deepEqual(readRunNumbers({ ...flags, register }), nothing);
  });

  it('are read with a server to register at', () => {
    assert.deepEqual(
      readRunNumbers({ ...flags, register, for: '9', wakeRate: '20', rehearse: '3', wake: true }),
      { seconds: 9, perSecond: 20, rehearsed: 3 },
    );
    assert.equal(readRunNumbers({ ...flags, register, tokenFile: 'tokens' }).rehearsed, 0);
  });

  it('refuse what needs a server where none is named', () => {
    for (const more of [{ wake: true }, { tokenFile: 'tokens' }, { rehearse: '1' }]) {
      assert.throws(
        () => readRunNumbers({ ...flags, ...more }),
        usage('--wake, --rehearse and --token-file need --register URL'),
      );
    }
  });

  it('refuse what is out of range, by the name of the flag', () => {
    for (const [more, text] of [
      [{ for: '0' }, '--for 0'],
      [{ wakeRate: '1000001' }, '--wake-rate 1000001'],
      [{ rehearse: '1001' }, '--rehearse 1001'],
    ] as const) {
      assert.throws(() => readRunNumbers({ ...flags, register, ...more }), {
        message: new RegExp(`^${text}: must be a whole number`),
      });
    }
  });
});

describe('options of a fleet', () => {
  it('are what the flags say', () => {
    assert.deepEqual(fleetOptionsOf({ ...flags, ramp: '4', state: 'f.states', anyNetwork: true }, {}), {
      devices: 3,
      first: 7,
      seed: 5,
      firstPort: 0,
      maxAwake: 50,
      rampPerSecond: 4,
      mix: {},
      serverId: 'com.example.dm',
      dmUrl: 'http://127.0.0.1:8080/dm',
      host: '127.0.0.1',
      anyNetwork: true,
      stateFile: 'f.states',
    });
    const { rampPerSecond, anyNetwork, stateFile } = fleetOptionsOf(flags, {});
    assert.deepEqual([rampPerSecond, anyNetwork, stateFile], [undefined, false, undefined]);
  });

  it('that a fleet refuses are a usage error, which names the file of the mix where there is one', async () => {
    const refuse = (): never => {
      throw new ValueError('OUT_OF_RANGE', 'must be below 1', 'faults.late');
    };
    const { message } = new ValueError('OUT_OF_RANGE', 'must be below 1', 'faults.late');
    await assert.rejects(refusingFlags(flags, refuse), usage(message));
    await assert.rejects(
      refusingFlags({ ...flags, mix: 'mix.json' }, refuse),
      usage(`${message} (a path such as faults.late is of mix.json)`),
    );
    const other = new TypeError('a fault of the program');
    await assert.rejects(
      refusingFlags(flags, () => Promise.reject(other)),
      other,
    );
    assert.equal(await refusingFlags(flags, () => 'made'), 'made');
  });
});
