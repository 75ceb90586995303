// The companies that are known by name.
import { intellisms } from './intellisms.ts';
import { ozeki } from './ozeki.ts';
import type { CentrePreset } from './preset.ts';
import { sinch } from './sinch.ts';
import { smseagle } from './smseagle.ts';
import { vonage } from './vonage.ts';

/** By the name that a configuration says. */
export const centrePresets = { vonage, sinch, intellisms, smseagle, ozeki } as const satisfies Record<
  string,
  CentrePreset
>;

/** Name of a preset. */
export type CentrePresetName = keyof typeof centrePresets;

/** All of them. */
export const centrePresetNames = Object.keys(centrePresets) as readonly CentrePresetName[];
