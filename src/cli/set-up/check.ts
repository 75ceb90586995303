// `reveille serve --check`: all that a start would read, read and looked at; no port is opened, and nothing is written.
import { type ConfigFault, ConfigFaults } from '../config/fault.ts';
import type { Io } from '../io/io.ts';
import type { Given } from '../settings/read-settings.ts';
import { looking } from '../settings/secret-files.ts';
import { dataFaults } from './check-data.ts';
import { readSetUp, type SetUp, strangeVariables } from './set-up.ts';
import { madeTokensWarning, plainApiWarning, tokenFileWarning } from './warnings.ts';

/** Something that the check found. */
export interface ServeFinding extends ConfigFault {
  /** `error`: a server would not start, or not work. `warning`: it would, and something is unwise. `note`: worth knowing. */
  readonly severity: 'error' | 'warning' | 'note';
}

/** What a check comes to. */
export interface CheckedServe {
  readonly findings: readonly ServeFinding[];
  /** What a server would be started with; absent where it would not be. */
  readonly setUp?: SetUp;
}

/** Looks. Never rejects for what it looks at. */
export async function checkServe(io: Io, given: Given): Promise<CheckedServe> {
  const unwise: ConfigFault[] = [];
  const findings: ServeFinding[] = [];
  let setUp: SetUp | undefined;
  try {
    setUp = await readSetUp(io, given, looking(unwise));
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    findings.push(...error.faults.map((fault) => ({ severity: 'error' as const, ...fault })));
  }
  findings.push(...unwise.map((fault) => ({ severity: 'warning' as const, ...fault })));
  if (setUp === undefined) return { findings };
  const { read, api } = setUp;
  for (const fault of dataFaults(setUp)) findings.push({ severity: 'error', ...fault });
  for (const what of strangeVariables(io, read)) findings.push({ severity: 'warning', where: '', what });
  const plain = plainApiWarning(api);
  if (plain !== undefined)
    findings.push({ severity: 'warning', where: read.nameOf('api'), what: plain.text });
  const made = madeTokensWarning(api);
  if (made !== undefined) {
    const where = read.values.tokenFile === undefined ? 'REVEILLE_API_TOKEN' : read.nameOf('tokenFile');
    findings.push({ severity: 'warning', where, what: made.text });
  }
  const tokens = tokenFileWarning(setUp);
  if (tokens !== undefined)
    findings.push({ severity: 'note', where: read.nameOf('tokenFile'), what: tokens.text });
  return { findings, setUp };
}
