// The thread that writes: it has the one connection that does, and holds up nobody but who waits for its answers. It is
// started often, and so imports nothing but what it cannot do without.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import type {
  NamedColumns,
  OpenRequest,
  PartAnswer,
  RunRequest,
  TransactionStep,
  WireAnswer,
  WirePart,
  WireQuery,
  WireValue,
  WriterAnswer,
  WriterFailure,
  WriterRequest,
  WriterStart,
} from './writer-messages.ts';

/** Memory for pages of the database, in KiB. */
const cacheKib = 16_384;

/** The journal is played into the database when it has so many pages of 4096 octets; a part of it stays on the disk. */
const checkpointPages = 8192;

/** Octets of the journal that stay on the disk for the next writes once it has been played in. */
const keptJournal = checkpointPages * 4096;

/** Longest pause before a database that is in use is tried again, in milliseconds. */
const longestPauseMs = 25;

/** SQLite's result code for a database that another connection has locked. */
const busyCode = 5;

const stepsInSql: Readonly<Record<TransactionStep, string>> = {
  begin: 'BEGIN IMMEDIATE',
  savepoint: 'SAVEPOINT piece',
  release: 'RELEASE piece',
  undo: 'ROLLBACK TO piece',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
};

/** A query wrote another number of rows than it had to. */
class Unexpected extends Error {}

interface Prepared {
  readonly statement: StatementSync;
  readonly givesRows: boolean;
}

let database: DatabaseSync | undefined;
const texts = new Map<number, string>();
const prepared = new Map<number, Prepared>();
const preparedSteps = new Map<TransactionStep, StatementSync>();

function opened(): DatabaseSync {
  if (database === undefined) throw new Error('no database is open');
  return database;
}

/**
 * Opens the file alone. Whoever else has it open, for as little as reading, keeps us out; so does an earlier release, which
 * holds it exclusively. Then the lock becomes a shared one, beside which this process reads, and which keeps out all who
 * want it alone: those releases, and this one in another process. The system takes it away however the process ends, and
 * when something else in the process closes the file: nothing else ever opens it.
 */
function openAlone(path: string): DatabaseSync {
  const file = new DatabaseSync(path, { enableForeignKeyConstraints: true });
  try {
    file.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    // A journal that is used for the first time in exclusive mode could not be shared later.
    file.exec('SELECT count(*) FROM sqlite_schema');
    // SQLite takes and leaves the lock with the next write.
    file.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT');
    file.exec('PRAGMA locking_mode = NORMAL; BEGIN IMMEDIATE; COMMIT');
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** As `openAlone`. Of two who begin at once neither may get the file: they let go of it, and try again at odds. */
function openInTime({ open, busyTimeoutMs }: OpenRequest): DatabaseSync {
  const endMs = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      return openAlone(open);
    } catch (error) {
      const leftMs = endMs - performance.now();
      // The low octet is the primary result code.
      if ((errcodeOf(error) & 0xff) !== busyCode || leftMs <= 0) throw error;
      pause(Math.min(leftMs, Math.random() * longestPauseMs));
    }
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function openDatabase(request: OpenRequest): WriterAnswer {
  const file = openInTime(request);
  try {
    file.exec(
      `PRAGMA busy_timeout = ${request.busyTimeoutMs}; PRAGMA cache_size = -${cacheKib}; ` +
        `PRAGMA wal_autocheckpoint = ${checkpointPages}; PRAGMA journal_size_limit = ${keptJournal}; ` +
        // What a savepoint may have to put back stays out of the folder for temporary files.
        'PRAGMA temp_store = MEMORY',
    );
  } catch (error) {
    file.close();
    throw error;
  }
  database = file;
  return [];
}

function closeDatabase(): WriterAnswer {
  forgetStatements();
  preparedSteps.clear();
  database?.close();
  database = undefined;
  return [];
}

function takeStep(step: TransactionStep): void {
  const file = opened();
  // One that could neither be ended nor undone would take in what comes after it.
  if (step === 'begin' && file.isTransaction) file.exec('ROLLBACK');
  let statement = preparedSteps.get(step);
  if (statement === undefined) {
    statement = file.prepare(stepsInSql[step]);
    preparedSteps.set(step, statement);
  }
  statement.run();
}

function run({ parts, apart, forget }: RunRequest): WriterAnswer {
  if (forget) forgetStatements();
  for (const { queries } of parts) {
    for (const [number, , sql] of queries) if (sql !== undefined) texts.set(number, sql);
  }
  const answers: (PartAnswer | WriterFailure)[] = [];
  for (const [index, part] of parts.entries()) {
    const answer = runPart(part);
    answers.push(answer);
    if (!('failure' in answer) || index === parts.length - 1) continue;
    // Those that follow count on a transaction without it.
    if (answer.open && apart && tookBack()) continue;
    undo();
    break;
  }
  return answers;
}

function runPart({ steps, queries }: WirePart): PartAnswer | WriterFailure {
  const answers: WireAnswer[] = [];
  const named: [number, string[]][] = [];
  try {
    for (const step of steps) takeStep(step);
  } catch (error) {
    undo();
    return failureOf(error, named);
  }
  try {
    for (const query of queries) answers.push(ask(query, named));
  } catch (error) {
    return failureOf(error, named);
  }
  return { answers, named };
}

function ask([number, values, , expected]: WireQuery, named: [number, string[]][]): WireAnswer {
  let known = prepared.get(number);
  if (known === undefined) {
    const statement = opened().prepare(texts.get(number) ?? '');
    const columns = statement.columns().map(({ name }) => name);
    known = { statement, givesRows: columns.length > 0 };
    prepared.set(number, known);
    if (known.givesRows) {
      statement.setReturnArrays(true);
      named.push([number, columns]);
    }
  }
  const { statement, givesRows } = known;
  if (!givesRows) {
    const changes = Number(statement.run(...values).changes);
    if (expected !== undefined && changes !== expected) throw new Unexpected();
    return changes;
  }
  // With `setReturnArrays` a row is a list.
  return statement.all(...values) as unknown as WireValue[][];
}

function forgetStatements(): void {
  texts.clear();
  prepared.clear();
}

/** True when the present piece is taken back, and the transaction goes on. */
function tookBack(): boolean {
  try {
    takeStep('undo');
    return true;
  } catch {
    return false;
  }
}

/** Nothing of a transaction stays whose begin or end failed. */
function undo(): void {
  try {
    if (database?.isTransaction) database.exec('ROLLBACK');
  } catch {
    // The disk fails: the next transaction tries again, and begins only when this one is gone.
  }
}

function errcodeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
}

function failureOf(error: unknown, named: NamedColumns): WriterFailure {
  return {
    failure: error instanceof Error ? error.message : String(error),
    errcode: errcodeOf(error),
    unexpected: error instanceof Unexpected,
    open: database?.isTransaction === true,
    named,
  };
}

function answerTo(request: WriterRequest): WriterAnswer {
  try {
    if (request === null) return closeDatabase();
    return 'open' in request ? openDatabase(request) : run(request);
  } catch (error) {
    return [failureOf(error, [])];
  }
}

const { port, calls } = workerData as WriterStart;
for (let seen = 0; ; ) {
  const received = receiveMessageOnPort(port);
  if (received === undefined) {
    Atomics.wait(calls, 0, seen);
    seen = Atomics.load(calls, 0);
  } else port.postMessage(answerTo(received.message));
}
