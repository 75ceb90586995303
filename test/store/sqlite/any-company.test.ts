// Pieces of every kind in company of any: what they leave and are told is what they would be one after the other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastStep, type Program, readingStep } from '../../../src/store/sql/index.ts';
import { openBench, query } from './runner-bench.ts';

/** What one piece does with two numbers: as a program, and to the numbers that there are; that throws where the program fails. */
interface Kind {
  readonly program: (a: number, b: number) => Program<unknown>;
  readonly model: (there: Set<number>, a: number, b: number) => unknown;
}

const insert = (number: number) => query(`insert into t values (${number})`);
const count = query('select count(*) as n from t');

function add(there: Set<number>, number: number): void {
  assert.ok(!there.has(number));
  there.add(number);
}

const kinds: readonly Kind[] = [
  {
    *program(a) {
      yield lastStep([insert(a)]);
    },
    model: add,
  },
  {
    *program(a, b) {
      const [found] = yield readingStep([count]);
      yield lastStep([insert(a), insert(b)]);
      return found?.rows[0]?.n;
    },
    model(there, a, b) {
      const { size } = there;
      add(there, a);
      add(there, b);
      return size;
    },
  },
  {
    *program(a) {
      yield [insert(a)];
      const [found] = yield readingStep([count]);
      return found?.rows[0]?.n;
    },
    model(there, a) {
      add(there, a);
      return there.size;
    },
  },
  {
    *program(a) {
      yield [insert(a)];
      throw new RangeError('not that one');
    },
    model: () => assert.fail(),
  },
  {
    *program(a, b) {
      yield lastStep([{ ...query(`delete from t where n in (${a}, ${b})`), expected: 2 }]);
    },
    model(there, a, b) {
      assert.ok(there.delete(a) && there.delete(b));
    },
  },
  {
    *program() {
      return (yield readingStep([count]))[0]?.rows[0]?.n;
    },
    model: ({ size }) => size,
  },
  {
    *program(a, b) {
      yield [query(`delete from t where n = ${a}`)];
      yield lastStep([insert(b)]);
    },
    model(there, a, b) {
      there.delete(a);
      add(there, b);
    },
  },
];

/** Whole numbers below a bound, the same in each run (the generator of ANSI C's example). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >>> 8) % below;
  };
}

test('pieces of every kind, in company of any, are as one after the other, those that are guarded last', async () => {
  const { runner, numbers } = await openBench();
  const next = numbersFrom(7);
  let there = new Set<number>();
  for (let round = 0; round < 100; round += 1) {
    const pieces = Array.from({ length: 1 + next(6) }, () => {
      const kind = kinds[next(kinds.length)] as Kind;
      return { kind, a: next(40), b: next(40), guarded: next(4) === 0 };
    });
    const told = new Map<unknown, unknown>();
    for (const guarded of [false, true]) {
      for (const piece of pieces.filter((each) => each.guarded === guarded)) {
        const after = new Set(there);
        try {
          told.set(piece, piece.kind.model(after, piece.a, piece.b));
          there = after;
        } catch {
          told.set(piece, 'fails');
        }
      }
    }
    const results = await Promise.allSettled(
      pieces.map(({ kind, a, b, guarded }) => runner.write(() => kind.program(a, b), guarded)),
    );
    assert.deepEqual(
      results.map((result) => (result.status === 'fulfilled' ? result.value : 'fails')),
      pieces.map((piece) => told.get(piece)),
      `round ${round}`,
    );
    assert.deepEqual(
      await numbers(),
      [...there].sort((a, b) => a - b),
    );
  }
  await runner.close();
});
