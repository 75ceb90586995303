// What a check found, and what checks are given.
import type { Clock } from '../../core/index.ts';
import type { KannelConfig } from '../../push/sms-kannel/index.ts';
import type { ServeSections } from '../bindings/serve-shapes.ts';
import type { SetUp } from './set-up.ts';

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
  /** What a server would be started with beside `config`. */
  readonly setUp?: SetUp | undefined;
  /** A server that runs, and a file with a token for it. */
  readonly server?: { readonly url: string; readonly tokenFile?: string | undefined } | undefined;
  readonly means: Means;
}

/** How checks look. */
export interface Means {
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** False: no name is looked up, and no connection opened. */
  readonly network: boolean;
  /** True: carriers are asked too, which is more than opening a connection. */
  readonly deep: boolean;
  /** Aborts when there is no more time, or nobody waits any more. */
  readonly stop: AbortSignal;
}

/** One check. It changes nothing, and sends nothing but what `means` allows. */
export interface Check {
  /** Such as `kannel`. */
  readonly name: string;
  /** Looks; gives what it found. Never rejects for what it looks at. */
  run(examined: Examined): Promise<readonly Finding[]> | readonly Finding[];
}

/** Makes a finding. */
type Tell = (where: string, what: string, remedy?: string) => Finding;

/** Makes findings of the check `name`, one for each severity. */
export function tellerOf(name: string): Readonly<Record<Finding['severity'], Tell>> {
  const tell =
    (severity: Finding['severity']): Tell =>
    (where, what, remedy) => ({
      check: name,
      severity,
      where,
      what,
      ...(remedy === undefined ? {} : { remedy }),
    });
  return { error: tell('error'), warning: tell('warning'), note: tell('note') };
}
