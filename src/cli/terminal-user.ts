// The user of a simulated device: whoever sits at the terminal.
import { printable, type UserInterface } from '../device/index.ts';
import type { UserInteraction, UserResponse } from '../session/index.ts';
import type { Io } from './io.ts';
import { TerminalLines } from './terminal-lines.ts';

/** Shows messages on standard error; asks there too, and takes answers from standard input. */
export function terminalUser(io: Io): UserInterface & { close(): void } {
  const lines = new TerminalLines(io);
  return {
    close: () => lines.close(),
    inform: (message) => io.stderr(`reveille: ${message}\n`),
    confirm: async (question, signal) => {
      const answer = await lines.ask(`reveille: ${question}. Start the session? [y/N] `, signal);
      return answer !== undefined && isYes(answer);
    },
    interact: async (request, signal) => {
      if (request.kind === 'display') {
        io.stderr(promptOf(request));
        return { response: 'accepted' };
      }
      const answer = await lines.ask(promptOf(request), signal);
      // Without an answer nobody is there.
      return answer === undefined ? { response: 'timeout' } : responseOf(request, answer.trim());
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
