// Which roads a telephone number may go by: the longest prefix decides.
import { ValueError } from '../../core/index.ts';

/** Roads of a range of numbers. */
export interface SmsRoute {
  /** Beginning of the numbers: `+49`, `4917`, or empty for all others. Compared with the number as the address has it. */
  readonly prefix: string;
  /** Names of roads, the preferred one first. At least one. */
  readonly roads: readonly string[];
}

/** Routes, found by number. */
export class RouteTable {
  readonly #byPrefix = new Map<string, readonly string[]>();
  readonly #longest: number;

  /** `known` are the names of all roads. @throws {ValueError} for a route that cannot be */
  constructor(routes: readonly SmsRoute[], known: readonly string[]) {
    for (const fault of routeFaults(routes, known)) throw fault;
    for (const { prefix, roads } of routes) this.#byPrefix.set(prefix, roads);
    this.#longest = Math.max(...routes.map(({ prefix }) => prefix.length));
  }

  /** Every list of roads that there is. */
  lists(): Iterable<readonly string[]> {
    return this.#byPrefix.values();
  }

  /** The roads of a number, the preferred one first. @throws {ValueError} BAD_FORMAT where no route takes it */
  roadsOf(number: string): readonly string[] {
    for (let length = Math.min(this.#longest, number.length); length >= 0; length -= 1) {
      const roads = this.#byPrefix.get(number.slice(0, length));
      if (roads !== undefined) return roads;
    }
    const known = [...this.#byPrefix.keys()].join(', ');
    const shown = JSON.stringify(number.slice(0, 40));
    throw new ValueError('BAD_FORMAT', `no route takes ${shown} (prefixes: ${known})`, 'number');
  }
}

/** What is wrong with routes, all of it. `known` are the names of all roads. */
export function* routeFaults(routes: readonly SmsRoute[], known: readonly string[]): Generator<ValueError> {
  if (routes.length === 0) yield new ValueError('MISSING', 'needs at least one route', 'routes');
  const prefixes = new Set<string>();
  for (const [index, { prefix, roads }] of routes.entries()) {
    const at = `routes[${index}]`;
    if (!/^(?:\+?[0-9]{1,20})?$/.test(prefix)) {
      const shown = JSON.stringify(prefix.slice(0, 40));
      yield new ValueError('BAD_FORMAT', `${shown} is not the beginning of a number`, `${at}.prefix`);
    }
    if (prefixes.has(prefix)) {
      yield new ValueError('BAD_FORMAT', `${JSON.stringify(prefix)} is there twice`, `${at}.prefix`);
    }
    prefixes.add(prefix);
    if (roads.length === 0) yield new ValueError('MISSING', 'needs at least one road', `${at}.roads`);
    for (const [nth, name] of roads.entries()) {
      const path = `${at}.roads[${nth}]`;
      if (!known.includes(name)) {
        yield new ValueError('BAD_FORMAT', `no road ${JSON.stringify(name)} (${known.join(', ')})`, path);
      }
      if (roads.indexOf(name) < nth) yield new ValueError('BAD_FORMAT', `${name} is there twice`, path);
    }
  }
}
