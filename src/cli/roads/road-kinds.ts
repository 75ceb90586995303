// Kinds of roads by their names in the configuration (docs/bindings.md).
import { httpRoad } from './http-road.ts';
import { kannelRoad } from './kannel-road.ts';
import { modemRoad } from './modem-road.ts';
import type { CheckedKind } from './road.ts';
import { smppRoad } from './smpp-road.ts';

/** All kinds. */
export const roadKinds = {
  modem: modemRoad,
  smpp: smppRoad,
  kannel: kannelRoad,
  http: httpRoad,
} as const satisfies Readonly<Record<string, CheckedKind>>;

/** Name of a kind. */
export type RoadKindName = keyof typeof roadKinds;

/** Their names, for the shape of the section. */
export const roadKindNames = Object.keys(roadKinds) as RoadKindName[];
