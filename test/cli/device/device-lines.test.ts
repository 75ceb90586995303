// One line for each event of a device, whatever a peer put into it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeDeviceEvent, describeDeviceEvents } from '../../../src/cli/device/device-lines.ts';

const time = new Date('2026-01-02T03:04:05.678Z');

describe('lines of a device', () => {
  it('a server identifier with line breaks and escapes cannot forge a line', () => {
    const line = describeDeviceEvent(
      {
        event: 'ignored',
        reason: 'unknown-server',
        detail: 'no account has this server identifier',
        serverId: 'x\n00:00:00.000  completed  session 1 with bank \x1b[31m\u202e',
        sessionId: 0x1234,
      },
      time,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
    assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f\u202e]/);
    assert.match(line, /^2026-01-02T03:04:05\.678Z {2}ignored {4}session 1234 of x 00:00:00\.000/);
  });

  it('leaves out who is not named, and the session that there is none of', () => {
    const line = (event: Parameters<typeof describeDeviceEvent>[0]): string =>
      describeDeviceEvent(event, time);
    assert.match(
      line({ event: 'notification-received', binding: 'sms', from: '', octets: 63 }),
      /Z {2}received {3}63 octets over sms$/,
    );
    assert.match(
      line({ event: 'ignored', reason: 'bootstrap-refused', detail: 'no gate' }),
      /Z {2}ignored {4}bootstrap-refused: no gate$/,
    );
  });

  it('says how many events a line stands for', () => {
    const line = describeDeviceEvents(
      {
        event: 'dropped',
        binding: 'wap',
        from: '127.0.0.1:9',
        reason: 'malformed',
        detail: 'x\ny',
        octets: 3,
      },
      999,
      10_000,
      time,
    );
    assert.equal(
      line,
      '2026-01-02T03:04:05.678Z  dropped    3 octets over wap from 127.0.0.1:9: malformed: x y (the last of 999 like it within 10 s)',
    );
  });

  it('says what to do about a server that is not trusted', () => {
    const line = describeDeviceEvent(
      {
        event: 'session-ended',
        serverId: 'a',
        sessionId: 1,
        nonce: 'stored',
        outcome: 'unreachable',
        reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
        resynchronised: false,
        retrying: false,
        durationMs: 3,
      },
      time,
    );
    assert.match(line, /give --ca FILE/);
  });

  it('names the attempt of a session from the second on', () => {
    const line = (attempt: number): string =>
      describeDeviceEvent(
        {
          event: 'session-started',
          serverId: 'com.example.dm',
          sessionId: 0x1a,
          address: 'http://127.0.0.1:8080/dm',
          nonce: 'stored',
          attempt,
        },
        time,
      ).slice(26);
    const start =
      'session    1A with com.example.dm at http://127.0.0.1:8080/dm (digest holds under the stored nonce';
    assert.equal(line(1), `${start})`);
    assert.equal(line(2), `${start}, attempt 2)`);
  });
});
