// Reads a Kannel configuration: groups of `name = value` lines, the first of each being `group` (Kannel user guide, configuration file
// syntax).
import { ValueError } from '../../core/index.ts';
import {
  type ConfigLine,
  configLines,
  type IncludeFault,
  type KannelConfig,
  withoutQuotes,
} from './config-lines.ts';

/** A group. */
export interface ConfigGroup {
  /** Such as `smsbox`. */
  readonly name: string;
  /** Where it begins in its file, from 1. */
  readonly line: number;
  /** The file, where it was included. */
  readonly file?: string;
  /** Values by name, without quotes; of a name that is there twice the last. */
  readonly settings: ReadonlyMap<string, string>;
}

/** What a configuration holds. */
export interface ReadConfig {
  readonly groups: readonly ConfigGroup[];
  /** What is wrong with what it includes. */
  readonly faults: readonly IncludeFault[];
}

/** Groups, at most. */
const maxGroups = 10_000;

/**
 * Reads all groups, those of what it includes in their place; of a text alone, what it includes is passed over.
 * @throws {ValueError} BAD_FORMAT with the line, TOO_LONG for too much
 */
export function readKannelConfig(config: string | KannelConfig): ReadConfig {
  const { lines, faults } = configLines(config);
  const groups: ConfigGroup[] = [];
  let settings: Map<string, string> | undefined;
  for (const at of lines) {
    const { text, line, file } = at;
    if (text === '' || text.startsWith('#')) {
      // An empty line ends a group.
      if (text === '') settings = undefined;
      continue;
    }
    const [, name = '', rest = ''] = /^([A-Za-z0-9_-]+)\s*=\s*(.*)$/.exec(text) ?? [];
    if (name === '') {
      throw new ValueError('BAD_FORMAT', 'not a line such as name = value', placeOf(at));
    }
    const value = withoutQuotes(rest);
    if (name === 'group') {
      if (groups.length === maxGroups) {
        throw new ValueError('TOO_LONG', `more than ${maxGroups} groups`, placeOf(at));
      }
      if (settings !== undefined) {
        const detail = 'a group without an empty line before it: Kannel takes both for one, and refuses it';
        throw new ValueError('BAD_FORMAT', detail, placeOf(at));
      }
      settings = new Map();
      groups.push({ name: value, line, ...(file !== undefined && { file }), settings });
    } else if (settings === undefined) {
      throw new ValueError('BAD_FORMAT', `${name} stands in no group`, placeOf(at));
    } else settings.set(name, value);
  }
  return { groups, faults };
}

/** Such as `line 7`, or `smsbox.conf line 7`. */
export function placeOf({ line, file }: Pick<ConfigLine, 'line' | 'file'>): string {
  return `${file === undefined ? '' : `${file} `}line ${line}`;
}
