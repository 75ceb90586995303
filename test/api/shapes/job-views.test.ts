// Jobs as the API shows them: every field, what each command was and what the device said to it, and never what it carried.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { JobSummaryShape } from '../../../src/api/shapes/job-shapes.ts';
import { jobSummaryView, jobView } from '../../../src/api/shapes/job-views.ts';
import type { JobCommand, JobCommandRecord, JobSummary } from '../../../src/store/index.ts';

const bare: JobSummary = {
  id: 'j-1',
  deviceId: 'IMEI:1',
  serverId: 'com.example.dm',
  state: 'pending',
  onFailure: 'stop',
  commandCount: 2,
  answeredCount: 1,
  expiresAt: Date.UTC(2026, 0, 3),
  createdAt: Date.UTC(2026, 0, 1),
  updatedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
};
const shownBare = {
  id: 'j-1',
  device: 'IMEI:1',
  serverId: 'com.example.dm',
  state: 'pending',
  onFailure: 'stop',
  commandCount: 2,
  answeredCount: 1,
  expiresAt: '2026-01-03T00:00:00.000Z',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-02T03:04:05.006Z',
};

describe('a job', () => {
  it('can be shown, whatever it has', () => {
    const report = { at: 1, data: '200' };
    const records: readonly JobCommandRecord[] = [
      { command: { command: 'get', uri: './A' }, sends: 0 },
      { command: { command: 'get', uri: './A' }, sends: 1, answer: { report }, answeredAt: 1 },
      { command: { command: 'add', uri: './A', data: 'x' }, sends: 0 },
      { command: { command: 'add', uri: './A', dataBase64: 'AA==' }, sends: 0 },
      { command: { command: 'atomic', commands: [{ command: 'get', uri: './A' }] }, sends: 0 },
    ];
    assert.doesNotThrow(() => jobSummaryView(bare));
    for (const record of records) assert.doesNotThrow(() => jobView({ ...bare, commands: [record] }));
  });
});

describe('a job in a list', () => {
  it('with what it has to have: no other field', () => {
    assert.deepEqual(jobSummaryView(bare), shownBare);
  });

  it('with all that it may have: each published field, and no idempotency key', () => {
    const shown = jobSummaryView({
      ...bare,
      pushId: 'p-1',
      sessionId: 7,
      reason: 'status 404',
      idempotencyKey: 'key',
      startedAt: Date.UTC(2026, 0, 1, 1),
      heldAt: Date.UTC(2026, 0, 1, 3),
      endedAt: Date.UTC(2026, 0, 1, 2),
    });
    assert.deepEqual(shown, {
      ...shownBare,
      notification: 'p-1',
      sessionId: 7,
      reason: 'status 404',
      startedAt: '2026-01-01T01:00:00.000Z',
      held: true,
      endedAt: '2026-01-01T02:00:00.000Z',
    });
    assert.deepEqual(Object.keys(shown).sort(), Object.keys(JobSummaryShape.properties).sort());
  });

  it('that never ends: the last moment that a date can be', () => {
    assert.equal(
      jobSummaryView({ ...bare, expiresAt: Number.MAX_SAFE_INTEGER }).expiresAt,
      '+275760-09-13T00:00:00.000Z',
    );
  });
});

/** A job's only command, as shown. */
const shown = (command: JobCommand, more: Partial<JobCommandRecord> = {}): unknown => {
  const { commands, ...rest } = jobView({ ...bare, commands: [{ command, sends: 1, ...more }] });
  assert.deepEqual(rest, shownBare);
  assert.equal(commands.length, 1);
  return commands[0];
};

describe('a command of a job', () => {
  it('without an answer: as it was given, in its place', () => {
    const commands: readonly JobCommand[] = [
      { command: 'get', uri: './DevInfo/Man' },
      { command: 'copy', uri: './A', source: './B' },
      { command: 'alert', kind: 'display', text: 'Hello' },
    ];
    const view = jobView({ ...bare, commands: commands.map((command, sends) => ({ command, sends })) });
    assert.deepEqual(view, {
      ...shownBare,
      commands: commands.map((command, sends) => ({ ...command, sends })),
    });
  });

  it('with an answer: what the device said, and when', () => {
    const answer = {
      status: 200,
      problem: 'none',
      items: [{ data: 'chosen' }],
      results: [{ uri: './DevInfo/Man', data: 'Acme' }],
    };
    const answered = { sends: 2, answer, answeredAt: Date.UTC(2026, 0, 1, 1) };
    assert.deepEqual(shown({ command: 'get', uri: './DevInfo/Man' }, answered), {
      command: 'get',
      uri: './DevInfo/Man',
      ...answer,
      sends: 2,
      answeredAt: '2026-01-01T01:00:00.000Z',
    });
  });

  it('with a report: when it came', () => {
    const report = { data: '200', type: 'org.example.download', source: './FwUpdate', mark: 'warning' };
    const answer = { status: 202, report: { ...report, at: Date.UTC(2026, 0, 1, 2) } };
    assert.deepEqual(shown({ command: 'exec', uri: './FwUpdate', correlator: 'c' }, { answer }), {
      command: 'exec',
      uri: './FwUpdate',
      correlator: 'c',
      status: 202,
      report: { ...report, at: '2026-01-01T02:00:00.000Z' },
      sends: 1,
    });
  });
});

describe('what a command carries', () => {
  const uri = './Vendor/Secret';

  it('is not shown; of a text, its length in octets', () => {
    for (const [data, octets] of [
      ['hush', 4],
      ['', 0],
      ['geheim ä€😀', 16],
    ] as const) {
      const command = { command: 'replace', uri, format: 'chr', type: 'text/plain' } as const;
      assert.deepEqual(shown({ ...command, data }), { ...command, octets, sends: 1 });
    }
  });

  it('is not shown; of octets, how many they are', () => {
    for (const length of [0, 1, 2, 3, 4, 5, 300]) {
      const dataBase64 = Buffer.alloc(length, 7).toString('base64');
      const command = { command: 'add', uri, format: 'bin' } as const;
      assert.deepEqual(shown({ ...command, dataBase64 }), { ...command, octets: length, sends: 1 });
    }
    const unpadded = { command: 'exec', uri, dataBase64: 'AAA' } as const;
    assert.deepEqual(shown(unpadded), { command: 'exec', uri, octets: 2, sends: 1 });
  });

  it('is not shown beside an answer either', () => {
    const answer = { status: 404, items: [{ uri }] };
    const command = { command: 'replace', uri } as const;
    assert.deepEqual(shown({ ...command, data: 'hush' }, { answer }), {
      ...command,
      octets: 4,
      ...answer,
      sends: 1,
    });
  });
});

describe('a group', () => {
  const group: JobCommand = {
    command: 'atomic',
    commands: [
      { command: 'replace', uri: './A', data: 'hush' },
      { command: 'sequence', commands: [{ command: 'get', uri: './B' }] },
    ],
  };

  it('shows each command inside it, without what it carries', () => {
    assert.deepEqual(shown(group), {
      command: 'atomic',
      commands: [
        { command: 'replace', uri: './A', octets: 4 },
        { command: 'sequence', commands: [{ command: 'get', uri: './B' }] },
      ],
      sends: 1,
    });
  });

  it('shows what the device said to it and to each of them, where it did', () => {
    const report = { at: Date.UTC(2026, 0, 1, 2), data: '1200' };
    const inside = { status: 500, commands: [{ status: 200, results: [{ data: 'x' }], report }] };
    const answer = { status: 200, commands: [{ status: 216 }, inside] };
    assert.deepEqual(shown(group, { answer }), {
      command: 'atomic',
      status: 200,
      commands: [
        { command: 'replace', uri: './A', octets: 4, status: 216 },
        {
          command: 'sequence',
          status: 500,
          commands: [
            {
              command: 'get',
              uri: './B',
              status: 200,
              results: [{ data: 'x' }],
              report: { at: '2026-01-01T02:00:00.000Z', data: '1200' },
            },
          ],
        },
      ],
      sends: 1,
    });
    assert.deepEqual(shown(group, { answer: { status: 404 } }), {
      ...(shown(group) as object),
      status: 404,
    });
  });
});
