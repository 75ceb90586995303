// What one setting of `serve` is: where it may stand, what it may be, and what it is otherwise.
import type { Kind } from './kinds.ts';

/** What is said of a setting. */
interface Said<Value> {
  /** Its path below `server` in the configuration file, such as `dm.tls.keyFile`. */
  readonly key: string;
  /** Its option, such as `--tls-key`. */
  readonly flag: string;
  readonly kind: Kind<Value>;
  /** Its environment variable, where that is not called as the option is. */
  readonly variable?: string;
  /** An environment variable that holds what the file would: it counts more than a file that the configuration names. */
  readonly contents?: string;
  /** For the help and the documentation. */
  readonly summary: string;
  /** What stands in the place of `initial` in texts, such as "the host name". */
  readonly otherwise?: string;
  /** True where SIGHUP has it read again; else a change needs a restart. Default false. */
  readonly reloads?: boolean;
}

/** One setting. */
export interface Setting<Value> extends Said<Value> {
  /** What it is when nobody says, as an option would say it; absent: nothing. */
  readonly initial?: string;
  readonly reloads: boolean;
}

/** A setting that always has a value. */
export function setting<Value>(said: Said<Value> & { readonly initial: string }): Setting<Value> {
  return { reloads: false, ...said };
}

/** A setting that may be absent. */
export function optional<Value>(said: Said<Value>): Setting<Value | undefined> {
  return { reloads: false, ...said };
}

/** Its environment variable: `--tls-key` is `REVEILLE_TLS_KEY`. */
export function variableOf({ flag, variable }: Pick<Said<unknown>, 'flag' | 'variable'>): string {
  if (variable !== undefined) return variable;
  return `REVEILLE_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`;
}
