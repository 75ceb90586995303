// What `reveille serve --check` says, for people and for programs.
import { faultLine } from '../config/fault.ts';
import { AlreadyReported, exitStatus, type Io } from '../io/io.ts';
import { version } from '../io/version.ts';
import type { CheckedServe } from './check.ts';
import { statusOf } from './set-up.ts';

/** Writes it. @throws {AlreadyReported} with the exit status, where something is wrong */
export function reportCheck(io: Io, { findings, setUp }: CheckedServe, json: boolean): void {
  const status = statusOf(findings.filter(({ severity }) => severity === 'error'));
  if (json) {
    const shown = findings.map(({ usage: _, ...finding }) => finding);
    io.stdout(`${JSON.stringify({ version: version(), ok: status === exitStatus.done, findings: shown })}\n`);
  } else {
    for (const { severity, ...fault } of findings) io.stdout(`${severity.padEnd(8)} ${faultLine(fault)}\n`);
    if (status === exitStatus.done) io.stdout(`OK: ${inWords(setUp)}\n`);
  }
  if (status !== exitStatus.done) throw new AlreadyReported(status);
}

function inWords(setUp: CheckedServe['setUp']): string {
  const { file, values } = setUp?.read ?? {};
  const said = file === undefined ? 'no configuration file' : `configuration ${file}`;
  return `${said}, data in ${values?.data}; a server would start as far as can be seen`;
}
