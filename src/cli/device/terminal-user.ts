// The user of a simulated device: whoever sits at the terminal.

import { printable } from '../../core/index.ts';
import type { Consent, UserInterface } from '../../device/index.ts';
import type { UserInteraction, UserResponse } from '../../session/index.ts';
import type { Io } from '../io/io.ts';
import type { TerminalLines } from './terminal-lines.ts';

/**
 * Shows messages on standard error; asks there too, through `lines`, and takes answers from standard input. Where that is
 * at an end nobody is there: consent is `unanswered`, an alert's response `timeout`.
 */
export function terminalUser(io: Io, lines: TerminalLines): UserInterface {
  return {
    inform: (message) => io.stderr(`reveille: ${message}\n`),
    confirm: async (question, signal) =>
      consentOf(await lines.ask(`reveille: ${question}. Start the session? [y/N] `, signal)),
    interact: async (request, signal) => {
      if (request.kind === 'display') {
        io.stderr(promptOf(request));
        return { response: 'accepted' };
      }
      const answer = await lines.ask(promptOf(request), signal);
      return answer === undefined ? { response: 'timeout' } : responseOf(request, answer.trim());
    },
  };
}

/** What a line says to a question whose default is no: `y` or `yes` is a yes, any other line a no, and no line nothing. */
export function consentOf(line: string | undefined): Consent {
  return line === undefined ? 'unanswered' : isYes(line);
}

function promptOf(request: UserInteraction): string {
  const { kind, text, choices } = request;
  const shown = `reveille: the server says: ${printable(text)}\n`;
  const listed = choices.map((choice, index) => `  ${index + 1} ${printable(choice)}\n`).join('');
  switch (kind) {
    case 'display':
      return shown;
    case 'confirm':
      // What an empty line means has to be seen before it is given.
      return `${shown}${meansYes(request.defaultResponse ?? '') ? '[Y/n] ' : '[y/N] '}`;
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
    case 'confirm': {
      const yes = line === '' ? meansYes(given) : isYes(line);
      return { response: yes ? 'accepted' : 'rejected' };
    }
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

/** DR of an alert 1101: servers write `1` or `yes`. */
function meansYes(defaultResponse: string): boolean {
  return defaultResponse === '1' || isYes(defaultResponse);
}

function isYes(text: string): boolean {
  return /^\s*y(es)?\s*$/i.test(text);
}
