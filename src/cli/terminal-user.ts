// The user of a simulated device: whoever sits at the terminal.
import { createInterface } from 'node:readline';
import { printable, type UserInterface } from '../device/index.ts';
import type { UserInteraction, UserResponse } from '../session/index.ts';
import type { Io } from './io.ts';

/** Shows messages on standard error; asks there too, and takes answers from standard input. */
export function terminalUser(io: Io): UserInterface {
  return {
    inform: (message) => io.stderr(`reveille: ${message}\n`),
    confirm: async (question, signal) => {
      io.stderr(`reveille: ${question}. Start the session? [y/N] `);
      const answer = await nextLine(io, signal);
      if (answer === undefined) io.stderr('\n');
      return answer !== undefined && isYes(answer);
    },
    interact: async (request, signal) => {
      io.stderr(promptOf(request));
      if (request.kind === 'display') return { response: 'accepted' };
      const answer = await nextLine(io, signal);
      if (answer !== undefined) return responseOf(request, answer.trim());
      // Nobody is there to answer.
      io.stderr('\n');
      return { response: 'timeout' };
    },
  };
}

function promptOf({ kind, text, choices }: UserInteraction): string {
  const shown = `reveille: the server says: ${printable(text)}\n`;
  const listed = choices.map((choice, index) => `  ${index + 1} ${printable(choice)}\n`).join('');
  switch (kind) {
    case 'display':
      return shown;
    case 'confirm':
      return `${shown}[y/N] `;
    case 'text':
      return `${shown}> `;
    case 'single-choice':
      return `${shown}${listed}number> `;
    case 'multiple-choice':
      return `${shown}${listed}numbers> `;
  }
}

/** What a line means; an empty one is the server's default response, if it has one. */
function responseOf({ kind, choices, defaultResponse }: UserInteraction, line: string): UserResponse {
  const given = line === '' ? (defaultResponse ?? '') : line;
  switch (kind) {
    case 'display':
      return { response: 'accepted' };
    case 'confirm':
      return isYes(given) || given === '1' ? { response: 'accepted' } : { response: 'rejected' };
    case 'text':
      return { response: 'accepted', text: given };
    case 'single-choice':
    case 'multiple-choice': {
      const numbers = given.split(/[\s,-]+/).map(Number);
      const known = numbers.every(
        (number) => Number.isInteger(number) && number >= 1 && number <= choices.length,
      );
      if (!known || (kind === 'single-choice' && numbers.length !== 1)) return { response: 'cancelled' };
      return { response: 'accepted', choices: numbers };
    }
  }
}

function isYes(text: string): boolean {
  return /^\s*y(es)?\s*$/i.test(text);
}

/** One line of standard input; `undefined` at its end or when `signal` aborts. */
function nextLine(io: Io, signal: AbortSignal): Promise<string | undefined> {
  const lines = createInterface({ input: io.stdin as NodeJS.ReadableStream, terminal: false });
  const stop = (): void => lines.close();
  return new Promise<string | undefined>((resolve) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve(undefined));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  }).finally(() => {
    signal.removeEventListener('abort', stop);
    lines.close();
  });
}
