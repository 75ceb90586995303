// All settings of `serve`, as one table: options, environment variables, the section `server` of the configuration file, its
// schema and the documentation are made of it.
import { doorSettings } from './door-settings.ts';
import type { Setting } from './setting.ts';
import { workSettings } from './work-settings.ts';

/** The table, in the order of the help. */
export const settings = { ...doorSettings, ...workSettings } as const;

/** Name of a setting; commander calls the value of its option the same. */
export type SettingName = keyof typeof settings;

/** Values of all settings. */
export type SettingValues = {
  readonly [Name in SettingName]: (typeof settings)[Name] extends Setting<infer Value> ? Value : never;
};

/** Names and settings, in order. */
export const settingList: readonly (readonly [SettingName, Setting<unknown>])[] = Object.entries(
  settings,
) as readonly (readonly [SettingName, Setting<unknown>])[];
