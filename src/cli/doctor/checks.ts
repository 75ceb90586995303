// All checks, in the order in which they are told. A new one is one file and a line here.
import { bindingsCheck } from './bindings-check.ts';
import type { Check } from './finding.ts';
import { httpRoadsCheck } from './http-roads-check.ts';
import { kannelCheck } from './kannel-check.ts';
import { kannelRoadsCheck } from './kannel-roads-check.ts';
import { modemRoadsCheck } from './modem-roads-check.ts';
import { routesCheck } from './routes-check.ts';

/** The checks. */
export const checks: readonly Check[] = [
  bindingsCheck,
  routesCheck,
  httpRoadsCheck,
  kannelCheck,
  kannelRoadsCheck,
  modemRoadsCheck,
];
