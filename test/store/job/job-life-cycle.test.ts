// The life of a job: what answers and reports mean, what goes out together, when it is over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type CommandAnswer,
  failureOf,
  isGoodReport,
  isRepeatable,
  isSuccess,
  type JobCommand,
  judgeJob,
  outcomeOf,
  packageLength,
  reportedAnswers,
  undeliveredAnswer,
} from '../../../src/store/index.ts';

const exec = { command: 'exec', uri: './X', correlator: 'c' } as const satisfies JobCommand;
const get: JobCommand = { command: 'get', uri: './A' };
const report = { at: 1, data: '200' };
const reportedAnswer = (...of: Parameters<typeof reportedAnswers>) => reportedAnswers(...of)[0];

test('success is 2xx, but for those that say that nothing was done', () => {
  const succeeded = [200, 202, 206, 212, 213, 217, 250, 299];
  const failed = [0, 100, 199, 214, 215, 216, 300, 304, 401, 404, 418, 425, 500, 507];
  assert.deepEqual(succeeded.filter(isSuccess), succeeded);
  assert.deepEqual(failed.filter(isSuccess), []);
});

test('a report is good by its result code, else by its mark', () => {
  for (const [data, mark, good] of [
    ['200', undefined, true],
    [' 250 ', 'critical', true],
    ['410', 'informational', false],
    ['done', undefined, true],
    ['done', 'warning', true],
    ['done', 'fatal', false],
    ['', 'critical', false],
    ['2000', undefined, true],
  ] as const) {
    assert.equal(isGoodReport({ at: 0, data, ...(mark !== undefined && { mark }) }), good, `${data} ${mark}`);
  }
});

test('what an answer means', () => {
  const group: JobCommand = { command: 'sequence', commands: [get, exec] };
  const cases: readonly [JobCommand, CommandAnswer, string][] = [
    [get, { status: 200 }, 'succeeded'],
    [get, { status: 404 }, 'failed'],
    [get, {}, 'failed'],
    [get, { status: 200, problem: 'too large' }, 'failed'],
    [exec, { status: 200 }, 'succeeded'],
    [exec, { status: 202 }, 'waiting'],
    [exec, { status: 202, report }, 'succeeded'],
    [exec, { report: { at: 1, data: '500' } }, 'failed'],
    [{ command: 'exec', uri: './X' }, { status: 202 }, 'succeeded'],
    [get, { status: 202 }, 'succeeded'],
    [group, { status: 200, commands: [{ status: 200 }, { status: 202 }] }, 'waiting'],
    [group, { status: 200, commands: [{ status: 200 }, { status: 202, report }] }, 'succeeded'],
    [group, { status: 200, commands: [{ status: 404 }, { status: 215 }] }, 'failed'],
    [group, { status: 200, commands: [{ status: 404 }, { status: 202 }] }, 'failed'],
    [group, { status: 507, commands: [{ status: 200 }, { status: 200 }] }, 'failed'],
    [group, { status: 200 }, 'failed'],
    // A device that gives a group no status of its own.
    [group, { commands: [{ status: 200 }, { status: 200 }] }, 'succeeded'],
    [group, { commands: [{ status: 200 }, { status: 202 }] }, 'waiting'],
    [group, { commands: [{ status: 404 }, { status: 215 }] }, 'failed'],
    [group, { commands: [{ status: 200 }, {}] }, 'failed'],
    [group, { commands: [{ status: 200 }] }, 'failed'],
    [
      { command: 'atomic', commands: [group] },
      { commands: [{ commands: [{ status: 200 }, { status: 200 }] }] },
      'succeeded',
    ],
  ];
  for (const [command, answer, outcome] of cases) {
    assert.equal(outcomeOf(command, answer), outcome, JSON.stringify({ command, answer }));
  }
});

test('a command that was sent before: an Add whose node exists is done, an Exec that meets a busy device waits', () => {
  const add: JobCommand = { command: 'add', uri: './A', data: '1' };
  const plain: JobCommand = { command: 'exec', uri: './X' };
  const group: JobCommand = { command: 'sequence', commands: [add] };
  const cases: readonly [JobCommand, CommandAnswer, number, string][] = [
    [add, { status: 418 }, 1, 'failed'],
    [add, { status: 418 }, 2, 'succeeded'],
    [add, { status: 404 }, 2, 'failed'],
    [add, { status: 418, problem: 'too large' }, 2, 'failed'],
    [{ command: 'copy', source: './A', uri: './B' }, { status: 418 }, 2, 'failed'],
    [group, { status: 418, commands: [{ status: 418 }] }, 2, 'failed'],
    [exec, { status: 503 }, 1, 'failed'],
    [exec, { status: 503 }, 2, 'waiting'],
    [exec, { status: 503, report }, 2, 'succeeded'],
    [exec, { status: 503, report: { at: 1, data: '410' } }, 2, 'failed'],
    [exec, { status: 412 }, 2, 'failed'],
    [plain, { status: 503 }, 2, 'failed'],
  ];
  for (const [command, answer, sends, outcome] of cases) {
    assert.equal(outcomeOf(command, answer, sends), outcome, JSON.stringify({ command, answer, sends }));
  }
  assert.deepEqual(reportedAnswer(exec, { status: 503 }, 'c', report, 2), { status: 503, report });
  assert.equal(reportedAnswer(exec, { status: 503 }, 'c', report), undefined);
  const said = [1, 2, 3].map((sends) => failureOf(get, { status: 404 }, sends));
  assert.deepEqual(said, [
    'status 404',
    'status 404, sent twice: the first time its status was lost',
    'status 404, sent 3 times: until the last one its status was lost',
  ]);
  assert.equal(failureOf(exec, { status: 503, report: { at: 1, data: '410' } }, 2), 'reported 410');
});

test('everything is sent again but an Exec without a correlator', () => {
  const plain: JobCommand = { command: 'exec', uri: './X' };
  const inside = (command: JobCommand): JobCommand => ({
    command: 'sequence',
    commands: [get, { command: 'atomic', commands: [command] }],
  });
  assert.deepEqual([get, exec, inside(exec)].map(isRepeatable), [true, true, true]);
  assert.deepEqual([plain, inside(plain)].map(isRepeatable), [false, false]);
});

test('a report goes to the first Exec that waits for it, in groups as well', () => {
  assert.deepEqual(reportedAnswer(exec, { status: 202 }, 'c', report), { status: 202, report });
  assert.deepEqual(reportedAnswer(exec, undefined, 'c', report), { report });
  assert.equal(reportedAnswer(exec, { status: 202 }, 'other', report), undefined);
  assert.equal(reportedAnswer(exec, { status: 202, report }, 'c', report), undefined, 'it has one');
  assert.equal(reportedAnswer(exec, { status: 404 }, 'c', report), undefined, 'it was refused');
  assert.equal(reportedAnswer(get, { status: 200 }, 'c', report), undefined);
  const group: JobCommand = {
    command: 'sequence',
    commands: [exec, { command: 'atomic', commands: [exec] }],
  };
  const answer = {
    status: 200,
    commands: [
      { status: 202, report },
      { status: 200, commands: [{ status: 202 }] },
    ],
  };
  assert.deepEqual(reportedAnswer(group, answer, 'c', report), {
    status: 200,
    commands: [
      { status: 202, report },
      { status: 200, commands: [{ status: 202, report }] },
    ],
  });
  assert.equal(reportedAnswer(group, undefined, 'c', report), undefined);
});

test('Gets go out together, everything else alone', () => {
  assert.equal(packageLength([]), 0);
  assert.equal(packageLength(['get', 'get', 'replace', 'get']), 2);
  assert.equal(packageLength(['replace', 'replace']), 1);
  assert.equal(packageLength(['atomic', 'get']), 1);
  assert.equal(packageLength(Array.from({ length: 50 }, () => 'get' as const)), 20);
});

test('a Get that was given to a session before goes alone', () => {
  assert.equal(packageLength(['get', 'get', 'get'], [1, 1, 0]), 1);
  assert.equal(packageLength(['get', 'get', 'get'], [0, 0, 1]), 2);
  assert.equal(packageLength(['get', 'get'], [0, 0]), 2);
  assert.equal(packageLength(['replace', 'get'], [0, 1]), 1);
});

test('a report without a correlator is about the one Exec that waits and that its source names', () => {
  const uri = './FwUpdate/Main/Download';
  const download = { command: 'exec', uri, correlator: 'c' } as const satisfies JobCommand;
  const waiting = { status: 202 };
  for (const [source, matches] of [
    ['./FwUpdate/Main', true],
    [uri, true],
    ['FwUpdate/Main/', true],
    ['./FwUpdate/Main/Download/Ext', true],
    ['./FwUpdate%2FMain', true],
    ['./FwUpdate', true],
    ['./FwUpdate/Mai', false],
    ['./FwUpdate/Main/DownloadAndUpdate', false],
    ['./', false],
    ['.', false],
    ['', false],
    ['./%', false],
  ] as const) {
    const answer = reportedAnswer(download, waiting, { source }, report);
    assert.deepEqual(answer, matches ? { status: 202, report } : undefined, source);
  }
  assert.equal(
    reportedAnswer(download, { status: 200 }, { source: uri }, report),
    undefined,
    'it does not wait',
  );
  const bare: JobCommand = { command: 'exec', uri };
  assert.equal(
    reportedAnswer(bare, waiting, { source: uri }, report),
    undefined,
    'nothing was to be reported',
  );
  const group: JobCommand = { command: 'sequence', commands: [download, download] };
  const both = { status: 200, commands: [waiting, waiting] };
  assert.equal(reportedAnswers(group, both, { source: uri }, report).length, 2, 'so it is about neither');
  const exact = (source: string) => reportedAnswers(group, both, { source, exact: true }, report).length;
  assert.deepEqual([uri, `${uri}/Ext`, './FwUpdate'].map(exact), [2, 0, 0]);
  const one = { status: 200, commands: [waiting, { status: 202, report }] };
  assert.deepEqual(reportedAnswer(group, one, { source: uri }, report)?.commands?.[0], {
    status: 202,
    report,
  });
});

test('a command without an answer after its deliveries: what happened, in words', () => {
  assert.deepEqual(undeliveredAnswer(3), {
    problem: 'no answer in 3 deliveries: each time the session broke off at it',
  });
  assert.deepEqual(undeliveredAnswer(1, 'x'), { problem: 'no answer in 1 delivery: x' });
});

test('a job is over once: when all is answered and reported, or at the first failure if that stops it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('stop', 'continue'),
      fc.nat(5).map((more) => more + 1),
      fc.nat(6),
      fc.nat(6),
      fc.nat(6),
      (onFailure, total, a, w, f) => {
        const answered = Math.min(a, total);
        const waiting = Math.min(w, answered);
        const failed = Math.min(f, answered - waiting);
        const end = judgeJob({ onFailure, total, answered, waiting, failed });
        const done = answered === total && waiting === 0;
        if (onFailure === 'stop' && failed > 0) assert.equal(end, 'failed');
        else if (!done) assert.equal(end, undefined);
        else assert.equal(end, failed > 0 ? 'failed' : 'completed');
      },
    ),
  );
});
