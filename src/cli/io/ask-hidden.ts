// A question on the terminal whose answer is not shown: secrets are typed in, and stand in no list of processes.
import type { ReadStream } from 'node:tty';
import { ConfigError } from '../../core/index.ts';

/** Characters of an answer at most. */
const longestAnswer = 4096;

/** Asks, and gives the line that is typed at the terminal `stdin`. @throws {ConfigError} when it is broken off */
export function askOnTerminal(question: string, stdin: ReadStream): Promise<string> {
  const { stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  return new Promise((resolve, reject) => {
    let typed = '';
    const finish = (settle: () => void): void => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
      settle();
    };
    const take = (chunk: Buffer): void => {
      for (const character of chunk.toString('utf8')) {
        if (character === '\r' || character === '\n') {
          finish(() => resolve(typed));
          return;
        }
        // Ctrl-C and Ctrl-D, which raw terminals hand on as they are.
        if (character === '\u0003' || (character === '\u0004' && typed === '')) {
          finish(() => reject(new ConfigError('no secret was given')));
          return;
        }
        if (character === '\u007f' || character === '\b') typed = typed.slice(0, -1);
        else if (typed.length < longestAnswer) typed += character;
      }
    };
    stdin.on('data', take);
    stdin.resume();
  });
}
