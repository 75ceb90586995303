// What a modem is asked of itself and of its network: what it does not know is left out (3GPP TS 27.007 §5, §7.2, §7.3, §8.5).
import type { AtCommand, AtLine } from '../line/at-channel.ts';
import { ModemError } from '../line/modem-error.ts';
import type { ModemInfo } from './modem-status.ts';
import {
  bestRegistration,
  type MemoryState,
  plainAnswer,
  type Registration,
  readMemory,
  readRegistration,
  readSignal,
} from './read-answers.ts';

type Run = (command: AtCommand) => Promise<readonly AtLine[]>;

/** How it stands with the network and the memory. */
export interface Health {
  readonly registration: Registration | undefined;
  readonly signalDbm: number | undefined;
  readonly memory: MemoryState | undefined;
}

/** Maker, model, operator, service centre. @throws {ModemError} when the line is lost */
export async function askInfo(run: Run, timeoutMs: number): Promise<ModemInfo> {
  const ask = async (text: string, prefix = ''): Promise<string | undefined> => {
    const answer = prefix === '' ? { bare: true } : { prefix };
    const lines = await known(run({ text, ...answer, timeoutMs }));
    return lines === undefined ? undefined : plainAnswer(lines, prefix);
  };
  const given = {
    maker: await ask('AT+CGMI'),
    model: await ask('AT+CGMM'),
    revision: await ask('AT+CGMR'),
    operator: /"([^"]*)"/.exec((await ask('AT+COPS?', '+COPS:')) ?? '')?.[1],
    serviceCentre: /^"?(\+?[0-9]+)"?/.exec((await ask('AT+CSCA?', '+CSCA:')) ?? '')?.[1],
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Registration, signal and memory. @throws {ModemError} when the line is lost, or nothing answers */
export async function askHealth(run: Run, timeoutMs: number): Promise<Health> {
  const ask = async (text: string, prefix: string): Promise<string> =>
    (await known(run({ text, prefix, timeoutMs })))?.[0]?.text ?? '';
  const found: Registration[] = [];
  for (const domain of ['CREG', 'CGREG', 'CEREG']) {
    const one = readRegistration(await ask(`AT+${domain}?`, `+${domain}:`), true);
    if (one !== undefined) found.push(one);
    if (one === 'home' || one === 'roaming') break;
  }
  return {
    registration: bestRegistration(found),
    signalDbm: readSignal(await ask('AT+CSQ', '+CSQ:')),
    memory: readMemory(await ask('AT+CPMS?', '+CPMS:')),
  };
}

/** The answer, or `undefined` where the modem does not know the question. */
async function known(answer: Promise<readonly AtLine[]>): Promise<readonly AtLine[] | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ModemError && /^(?:ERROR|CM[SE].*)$/.test(error.code)) return undefined;
    throw error;
  }
}
