// What a check found, and what checks are given.
import type { KannelConfig } from '../../push/sms-kannel/index.ts';
import type { ServeSections } from '../bindings/serve-shapes.ts';

/** One thing that is not as it should be. */
export interface Finding {
  /** Name of the check. */
  readonly check: string;
  /**
   * `error`: something does not work. `warning`: it does, and something about it is unwise or will not last. `note`: nothing is wrong, and
   * whoever runs it should know.
   */
  readonly severity: 'error' | 'warning' | 'note';
  /** Where: a file, a path in it, a line. */
  readonly where: string;
  readonly what: string;
  /** What to do; absent where `what` says it. */
  readonly remedy?: string;
}

/** What checks look at. What is absent was not given, and nothing is said of it. */
export interface Examined {
  /** The configuration of bindings, its shape checked. */
  readonly config?: { readonly file: string; readonly sections: ServeSections } | undefined;
  /** Configurations of Kannel, each with what it includes. */
  readonly kannels: readonly KannelConfig[];
}

/** One check. It changes nothing, and sends nothing. */
export interface Check {
  /** Such as `kannel`. */
  readonly name: string;
  /** Looks; gives what it found. Never rejects for what it looks at. */
  run(examined: Examined): Promise<readonly Finding[]> | readonly Finding[];
}
