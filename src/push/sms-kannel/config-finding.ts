// What is found of a kannel.conf.
import type { ConfigGroup } from './read-config.ts';

/** Something that is not as it should be. */
export interface KannelConfigFinding {
  /** `error`: pushes or reports do not get through. `warning`: they do, until something is restarted or away. */
  readonly severity: 'error' | 'warning';
  /** Name of the group, such as `smsbox`; empty for an include, which stands in none. */
  readonly group: string;
  /** The setting; absent where the group itself is missing or something goes for all of it. */
  readonly setting?: string;
  /** Line of the group or the include in its file, from 1; absent where the group is missing. */
  readonly line?: number;
  /** The file, where it was included. */
  readonly file?: string;
  /** What is wrong and what to write, in one sentence without values from the file. */
  readonly text: string;
}

/** A group that is not there. */
export function missing(group: string, why: string): KannelConfigFinding {
  return { severity: 'error', group, text: `there is no group ${group}: ${why}` };
}

/** A setting of a group. */
export function finding(
  severity: KannelConfigFinding['severity'],
  { name, line, file }: ConfigGroup,
  setting: string,
  text: string,
): KannelConfigFinding {
  return { severity, group: name, setting, line, ...(file !== undefined && { file }), text };
}
