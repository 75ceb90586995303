// Settings as options of a command.
import { type Command, Option } from 'commander';
import { repeated } from '../io/input.ts';
import { fileVariable } from './environment.ts';
import { type Setting, variableOf } from './setting.ts';
import { type SettingName, settingList, settings } from './settings-table.ts';

/** What the options of one command line say, as texts; absent what none says. */
export type Flags = Readonly<Partial<Record<SettingName, string | readonly string[]>>>;

/** Adds an option for each setting. */
export function addSettingOptions(command: Command): Command {
  for (const [, each] of settingList) command.addOption(optionOf(each));
  return command;
}

/** What was given on the command line, without defaults. */
export function givenFlags(command: Command): Flags {
  const given: Partial<Record<SettingName, string | readonly string[]>> = {};
  for (const [name] of settingList) {
    if (command.getOptionValueSource(name) !== 'cli') continue;
    const value: unknown = command.getOptionValue(name);
    given[name] = Array.isArray(value) ? value.map(String) : String(value);
  }
  return given;
}

function optionOf({ flag, kind, summary, initial }: Setting<unknown>): Option {
  const option = new Option([flag, kind.placeholder].join(' ').trim(), summary);
  if (kind.repeats === true)
    option.argParser((value: string, before: readonly string[]) => repeated(value, before));
  else if (kind.choices !== undefined) option.choices(kind.choices);
  if (initial !== undefined && initial !== '' && kind.placeholder !== '') option.default(initial);
  return option;
}

/** What the help says of variables. */
export const variablesHelp = `
Each option that takes a value, and --api-without-tls, has an environment variable: --log-level is ${variableOf(settings.logLevel)},
--config is ${fileVariable}, --seal-key ${variableOf(settings.sealKey)}. An option counts more than a variable, and that more than the file of --config
(docs/configuration.md).`;
