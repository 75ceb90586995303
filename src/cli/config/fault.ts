// What is wrong with a configuration, as data: each fault with its place, and what to do.
import { ConfigError } from '../../core/index.ts';

/** One thing that is wrong. */
export interface ConfigFault {
  /** Where: `FILE:LINE:COLUMN: PATH`, a file, an option, or an environment variable. */
  readonly where: string;
  /** What is wrong, without secrets. */
  readonly what: string;
  /** What to do; absent where `what` says it. */
  readonly remedy?: string;
  /** True for what stands on the command line or in the environment. */
  readonly usage?: boolean;
}

/** Most faults that are shown at once. */
export const mostFaults = 20;

/** A fault as one line. */
export function faultLine({ where, what, remedy }: ConfigFault): string {
  return `${where === '' ? '' : `${where}: `}${what}${remedy === undefined ? '' : `; ${remedy}`}`;
}

/** All that is wrong with a configuration; `message` has a line for each, up to `mostFaults`. */
export class ConfigFaults extends ConfigError {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[], options?: ErrorOptions) {
    const lines = faults.slice(0, mostFaults).map(faultLine);
    if (faults.length > mostFaults) lines.push('and more');
    super(lines.join('\n'), options);
    this.faults = faults;
  }
}

/** What an error says, as faults: those that it has, or itself as one at `where`. */
export function faultsOf(error: ConfigError, where = ''): readonly ConfigFault[] {
  return error instanceof ConfigFaults ? error.faults : [{ where, what: error.message }];
}
