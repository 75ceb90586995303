// The bootstrap policy of `reveille device`, from a file.
import { type Static, Type } from 'typebox';
import { printable, ValueError } from '../../core/index.ts';
import type { BootstrapPolicy } from '../../device/index.ts';
import { imsiOctets } from '../../security/index.ts';
import { readConfigFile } from '../bindings/config-file.ts';
import { closed, positive, text } from '../config/common-shapes.ts';
import { type Io, UsageError } from '../io/io.ts';
import type { TerminalLines } from './terminal-lines.ts';

const shape = closed({
  allow: Type.Array(Type.Enum(['NETWPIN', 'USERPIN', 'USERNETWPIN', 'USERPINMAC', 'none']), { minItems: 1 }),
  imsi: Type.Optional(text),
  withAccounts: Type.Optional(Type.Enum(['refuse', 'add', 'replace'])),
  pinAttempts: Type.Optional(positive),
  failures: Type.Optional(closed({ count: positive, windowMs: positive })),
});

/** Reads the policy; PINs are asked for at the terminal. @throws {ConfigError} {UsageError} for what cannot be */
export async function readBootstrapPolicy(
  io: Io,
  file: string,
  lines: TerminalLines,
): Promise<BootstrapPolicy> {
  const { imsi, ...rules }: Static<typeof shape> = await readConfigFile(io, file, shape);
  return {
    ...rules,
    ...(imsi !== undefined && { network: networkOf(imsi, file) }),
    // An empty line is the user's refusal; the end of input is nobody's.
    askPin: ({ sec, left }, signal) =>
      lines.ask(
        `reveille: a bootstrap wants to add a server (${printable(sec)}); PIN, ${left} left, empty refuses> `,
        signal,
      ),
  };
}

function networkOf(imsi: string, file: string): Uint8Array {
  try {
    return imsiOctets(imsi);
  } catch (error) {
    if (error instanceof ValueError) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}
