// Queries that are built once and run often: Kysely compiles them to text, and values are put in by name.
import type { Compilable, Kysely, RawBuilder } from 'kysely';
import type { Schema } from './schema.ts';

/** What a parameter can be. */
export type SqlValue = string | number | null;

/** A row as an engine gives it. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** A compiled query with named parameters. Its text stays the same object, so that engines can key on it. */
export interface Statement<Args, Row> {
  readonly sql: string;
  /** Values of the parameters, in the order of the text. */
  bind(args: Args): SqlValue[];
  /** Never there at run time: ties the type of the rows to the statement. */
  readonly row?: Row;
}

/** Stands in a query where a value will be. */
class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Gives what stands for a value when a query is built. */
export type SlotMaker<Args> = <Name extends keyof Args & string>(name: Name) => Args[Name];

/** Compiles a query whose parameters come later: `statement<{ id: string }>()((slot) => db.selectFrom… slot('id'))`. */
export function statement<Args>() {
  return <Row>(build: (slot: SlotMaker<Args>) => Compilable<Row>): Statement<Args, Row> => {
    // The builder only carries the value along to the compiled parameters, where it is found again.
    const slot = ((name: string) => new Slot(name)) as unknown as SlotMaker<Args>;
    const compiled = build(slot).compile();
    const parameters = [...compiled.parameters];
    return {
      sql: compiled.sql,
      bind: (args) =>
        parameters.map((parameter) =>
          parameter instanceof Slot
            ? ((args as Readonly<Record<string, SqlValue>>)[parameter.name] ?? null)
            : (parameter as SqlValue),
        ),
    };
  };
}

/** A query in the words of SQL, to be compiled as the others are. */
export function inWords<Row>(builder: Kysely<Schema>, query: RawBuilder<Row>): Compilable<Row> {
  return { compile: () => query.compile(builder) };
}

/** A query that is built for one use, with its values in it. */
export function once<Row>(query: Compilable<Row>): Statement<void, Row> {
  const compiled = query.compile();
  const values = [...compiled.parameters] as SqlValue[];
  return { sql: compiled.sql, bind: () => values };
}
