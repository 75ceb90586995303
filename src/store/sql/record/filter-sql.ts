// Filters of devices in SQL. Whatever a filter brings is a parameter. Each condition is true or false, never null, so that `not`
// is the opposite of all of them.
import { type RawBuilder, sql } from 'kysely';
import type { Condition, TextField, TimeField } from '../../../filter/index.ts';
import type { SqlEngine } from '../engine/engine.ts';

/** What a query selects by. */
export type SqlCondition = RawBuilder<boolean>;

/** Columns of moments. */
const timeColumns: Readonly<Record<TimeField, string>> = {
  lastSession: 'devices.last_session_at',
  createdAt: 'devices.created_at',
  updatedAt: 'devices.updated_at',
};

/** Gives what makes SQL of a condition, for queries that select from `devices`; `now` in milliseconds since the POSIX epoch. */
export function filterSql({ unfolding }: SqlEngine): (condition: Condition, now: number) => SqlCondition {
  /** True when any text of the field is as `test` has it. */
  function anyText(field: TextField, test: (text: RawBuilder<unknown>) => RawBuilder<unknown>): SqlCondition {
    switch (field.name) {
      case 'labels':
        return sql`exists (select 1 from device_labels as of where of.device_id = devices.id
          and of.name = ${field.key} and ${test(sql.ref('of.value'))})`;
      case 'address':
      case 'scheme':
        return sql`exists (select 1 from ${unfolding.rowsOf(sql.ref('devices.addresses'))}
          where ${test(unfolding.element('text'))})`;
      case 'reported': {
        const text = unfolding.property(sql.ref('devices.reported'), field.key);
        return sql`(${text} is not null and ${test(text)})`;
      }
      // Without one, a device is of this.
      case 'family':
        return sql`${test(sql`coalesce(devices.family, 'generic')`)}`;
      case 'serverId':
        return sql`${test(sql.ref('devices.server_id'))}`;
      default:
        return sql`${test(sql.ref(`devices.${field.name}`))}`;
    }
  }

  function equal(field: TextField, values: readonly string[]): SqlCondition {
    if (field.name === 'labels') {
      // All devices with the label, by its index.
      return sql`devices.id in (select of.device_id from device_labels as of
        where of.name = ${field.key} and ${oneOf(sql.ref('of.value'), values)})`;
    }
    if (field.name === 'scheme') {
      return anyText(field, (text) =>
        anyOf(
          'or',
          values.map((value) => beginning(text, `${value}:`)),
        ),
      );
    }
    return anyText(field, (text) => oneOf(text, values));
  }

  function there(field: TextField | { readonly name: TimeField }): SqlCondition {
    switch (field.name) {
      case 'lastSession':
      case 'createdAt':
      case 'updatedAt':
        return sql`${sql.ref(timeColumns[field.name])} is not null`;
      default:
        return anyText(field, () => sql`1 = 1`);
    }
  }

  return function sqlOf(condition: Condition, now: number): SqlCondition {
    switch (condition.is) {
      case 'and':
      case 'or':
        return anyOf(
          condition.is,
          condition.of.map((each) => sqlOf(each, now)),
        );
      case 'not':
        return sql`not (${sqlOf(condition.of, now)})`;
      case 'equal':
        return equal(condition.field, condition.values);
      case 'starting':
        return anyText(condition.field, (text) => beginning(text, condition.prefix));
      case 'there':
        return there(condition.field);
      case 'suspended':
        return sql`devices.suspended_at is not null`;
      case 'within':
        return after(timeColumns[condition.field], now - condition.ms);
      case 'between': {
        const column = timeColumns[condition.field];
        const { from, to } = condition;
        return from === undefined
          ? sql`(${sql.ref(column)} is not null and ${sql.ref(column)} < ${to})`
          : after(column, from);
      }
    }
  };
}

function after(column: string, from: number): SqlCondition {
  return sql`(${sql.ref(column)} is not null and ${sql.ref(column)} >= ${from})`;
}

function oneOf(text: RawBuilder<unknown>, values: readonly string[]): RawBuilder<unknown> {
  return values.length === 1 ? sql`${text} = ${values[0]}` : sql`${text} in (${sql.join(values)})`;
}

/** By characters, so that no value of a pattern means anything. */
function beginning(text: RawBuilder<unknown>, prefix: string): RawBuilder<unknown> {
  return sql`substr(${text}, 1, ${sql.lit([...prefix].length)}) = ${prefix}`;
}

function anyOf(word: 'and' | 'or', conditions: readonly RawBuilder<unknown>[]): SqlCondition {
  return sql`(${sql.join(conditions, word === 'and' ? sql` and ` : sql` or `)})`;
}
