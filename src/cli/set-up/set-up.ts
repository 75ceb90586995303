// Everything that a server is started with, read and checked as a whole: all that is wrong is told at once.
import type { PushPolicy, RetentionSettings } from '../../server/index.ts';
import type { SealKey } from '../../store/index.ts';
import type { SecretGuard } from '../bindings/config-file.ts';
import { sectionFaults } from '../bindings/section-faults.ts';
import { ConfigFaults } from '../config/fault.ts';
import { AlreadyReported, exitStatus, type Io } from '../io/io.ts';
import { readSealKeyOption } from '../io/seal-keys.ts';
import { unknownVariables } from '../settings/environment.ts';
import { FaultList } from '../settings/fault-list.ts';
import { type Given, type ReadSettings, readSettings } from '../settings/read-settings.ts';
import { narrowing, once } from '../settings/secret-files.ts';
import type { ApiDoor, DmDoor } from './doors.ts';
import { readApiDoor, readDmDoor } from './read-doors.ts';
import { readWithoutTexts } from './read-without-texts.ts';
import { addSharedPorts } from './shared-ports.ts';

/** What a server is started with, and goes by after SIGHUP. */
export interface SetUp {
  readonly read: ReadSettings;
  readonly dm: DmDoor;
  readonly api: ApiDoor;
  readonly policy: Partial<PushPolicy>;
  readonly retention: RetentionSettings;
  /** Keys that secrets in the database are sealed under. */
  readonly sealKeys: readonly SealKey[];
}

/**
 * Reads options, environment, configuration file, and the files that they name. `guard` is asked before a file with a secret is
 * read; by default its mode is narrowed. No port is opened, and nothing else is written.
 * @throws {ConfigFaults} with all that is wrong
 */
export async function readSetUp(io: Io, given: Given, guard: SecretGuard = narrowing(io)): Promise<SetUp> {
  const faults = new FaultList();
  const askedOnce = once(guard);
  const whole = await readSettings(io, given, faults.found, { guard: askedOnce });
  const read = faults.found.length === 0 ? whole : await readWithoutTexts(io, given, askedOnce);
  // What goes together is looked at once each is what it can be; texts of bindings alone hide nothing else.
  if (read === undefined) throw new ConfigFaults(faults.found);
  const reading = { io, read, guard: askedOnce, faults };
  if (read.values.url !== undefined && read.values.serverId === undefined) {
    faults.add(read, 'url', `belongs to ${FaultList.called(read, 'serverId')}`, 'give both, or neither');
  }
  const dm = await readDmDoor(reading);
  const api = await readApiDoor(reading);
  addSharedPorts(read, faults);
  const { sealKey } = read.values;
  const sealKeys = await faults.try(read.nameOf('sealKey'), () =>
    readSealKeyOption(io, sealKey, (file) => askedOnce(file, '')),
  );
  for (const { path, what } of await sectionFaults(read.sections)) {
    faults.found.push({ where: read.placeOf(path), what });
  }
  faults.throwAny();
  return { read, dm, api, policy: policyOf(read), retention: retentionOf(read), sealKeys: sealKeys ?? [] };
}

/**
 * As `readSetUp`, for a command: what is wrong is told on standard error.
 * @throws {AlreadyReported} with the exit status
 */
export async function readSetUpOrReport(io: Io, given: Given): Promise<SetUp> {
  try {
    return await readSetUp(io, given);
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    for (const line of error.message.split('\n')) io.stderr(`reveille: ${line}\n`);
    throw new AlreadyReported(statusOf(error.faults));
  }
}

/** The exit status that faults come to: usage where only options and variables are wrong. */
export function statusOf(faults: readonly { readonly usage?: boolean }[]): number {
  if (faults.length === 0) return exitStatus.done;
  return faults.every(({ usage }) => usage === true) ? exitStatus.usage : exitStatus.failed;
}

/** Sentences about environment variables that nobody reads. */
export function strangeVariables(io: Pick<Io, 'env'>, { usedVariables }: ReadSettings): readonly string[] {
  return unknownVariables(io, usedVariables).map(
    ({ variable, nearest }) =>
      `nobody reads the environment variable ${variable}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
  );
}

function policyOf({ values }: ReadSettings): Partial<PushPolicy> {
  return {
    attempts: values.attempts,
    answerTimeoutMs: values.answerTimeout * 1000,
    lifetimeMs: values.lifetime * 1000,
    resynchronise: values.resynchronise,
  };
}

function retentionOf({ values }: ReadSettings): RetentionSettings {
  return {
    pushesMs: values.keepPushes * 1000,
    jobsMs: values.keepJobs * 1000,
    eventsMs: values.keepEvents * 1000,
    auditMs: values.keepAudit * 1000,
  };
}
