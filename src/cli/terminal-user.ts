// The user of a simulated device: whoever sits at the terminal.
import { createInterface } from 'node:readline/promises';
import type { UserInterface } from '../device/index.ts';
import type { Io } from './io.ts';

/** Shows messages on standard error; asks there too, and takes y or yes from standard input. */
export function terminalUser(io: Io): UserInterface {
  return {
    inform: (message) => io.stderr(`reveille: ${message}\n`),
    confirm: async (question, signal) => {
      io.stderr(`reveille: ${question}. Start the session? [y/N] `);
      const answer = await nextLine(io, signal);
      if (answer === undefined) io.stderr('\n');
      return answer !== undefined && /^\s*y(es)?\s*$/i.test(answer);
    },
  };
}

/** One line of standard input; `undefined` at its end or when `signal` aborts. */
async function nextLine(io: Io, signal: AbortSignal): Promise<string | undefined> {
  const lines = createInterface({ input: io.stdin as NodeJS.ReadableStream, terminal: false });
  try {
    return await lines.question('', { signal });
  } catch {
    return undefined;
  } finally {
    lines.close();
  }
}
