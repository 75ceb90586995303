// Faults of a set-up as they are found: one does not hide the next.
import { ConfigError, ValueError } from '../../core/index.ts';
import { type ConfigFault, ConfigFaults } from '../config/fault.ts';
import { UsageError } from '../io/io.ts';
import type { ReadSettings } from './read-settings.ts';
import { type SettingName, settings } from './settings-table.ts';

/** Takes faults, and knows what settings are called. */
export class FaultList {
  readonly found: ConfigFault[] = [];

  /** Does what may fail; gives `undefined` when it did, and the fault is kept. `ofFile`: the configuration file asked for it. */
  async try<Result>(
    where: string,
    work: () => Promise<Result> | Result,
    ofFile = false,
  ): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ConfigFaults) this.found.push(...error.faults);
      else if (error instanceof ValueError) this.found.push({ where, what: error.message });
      else if (error instanceof ConfigError) this.found.push({ where, what: error.message });
      else if (error instanceof UsageError) this.found.push({ where, what: error.message, usage: !ofFile });
      else throw error;
      return undefined;
    }
  }

  /** Something is wrong with a setting: in the file it is an error of the file, else one of usage. */
  add(read: ReadSettings, name: SettingName, what: string, remedy?: string): void {
    const usage = read.origins[name] !== 'file';
    this.found.push({
      where: read.nameOf(name),
      what,
      ...(usage && { usage }),
      ...(remedy !== undefined && { remedy }),
    });
  }

  /**
   * What a setting is called in a sentence: its option, its variable, or its path in the file. One that nobody gives is called as in
   * the file where there is one, for that is where it would be put.
   */
  static called(read: ReadSettings, name: SettingName): string {
    const origin = read.origins[name];
    const isOfFile = origin === 'file' || (origin === 'default' && read.file !== undefined);
    return isOfFile ? `server.${settings[name].key}` : read.nameOf(name);
  }

  /** @throws {ConfigFaults} when there are any */
  throwAny(): void {
    if (this.found.length > 0) throw new ConfigFaults(this.found);
  }
}
