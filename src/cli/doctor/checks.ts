// All checks, in the order in which they are told. A new one is one file and a line here.
import type { Check } from '../doctor-base/finding.ts';
import { certificatesCheck } from '../doctor-doors/certificates-check.ts';
import { openConfigurationCheck } from '../doctor-doors/open-configuration-check.ts';
import { portsCheck } from '../doctor-doors/ports-check.ts';
import { secretsCheck } from '../doctor-doors/secrets-check.ts';
import { clockCheck } from '../doctor-links/clock-check.ts';
import { linksCheck } from '../doctor-links/links-check.ts';
import { serverCheck } from '../doctor-links/server-check.ts';
import { databaseCheck } from '../doctor-store/database-check.ts';
import { diskCheck } from '../doctor-store/disk-check.ts';
import { folderCheck } from '../doctor-store/folder-check.ts';
import { bindingsCheck } from './bindings-check.ts';
import { httpRoadUrl } from './http-road-url.ts';
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
  portsCheck,
  certificatesCheck,
  folderCheck,
  databaseCheck,
  diskCheck,
  secretsCheck,
  openConfigurationCheck,
  linksCheck(httpRoadUrl),
  clockCheck,
  serverCheck,
];
