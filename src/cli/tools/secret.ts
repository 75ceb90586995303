// reveille secret: makes secrets that nobody guesses, and says how strong those are that exist.
import { Command } from 'commander';
import { generateSecret, secretStrength, strongSecretBits } from '../../core/index.ts';
import { readInput, readInteger } from '../io/input.ts';
import { AlreadyReported, type Io } from '../io/io.ts';

/** The `secret` command. */
export function secretCommand(io: Io): Command {
  const command = new Command('secret')
    .summary('make a random secret, or judge one')
    .description(
      'Prints a new random secret for accounts and devices (AAuthSecret), in letters, digits, "-" and "_". Every Package #0 ' +
        'lets whoever sees it try secrets at home, so that a secret that people can remember does not last.',
    )
    .option('--octets <number>', 'random octets in it, 16-64', '16')
    .option('--json', 'one JSON object with the secret')
    .action(({ octets, json }: { readonly octets: string; readonly json?: boolean }) => {
      const secret = generateSecret(readInteger(octets, '--octets', 16, 64));
      io.stdout(`${json === true ? JSON.stringify({ secret }) : secret}\n`);
    });
  command
    .command('check')
    .summary('estimate how hard a secret is to guess')
    .description(
      'Reads one secret and prints its strength, never the secret. The exit status is 1 for a weak one.',
    )
    .argument('[FILE]', 'file with the secret; "-" or nothing reads standard input')
    .option('--json', 'one JSON object with its strength')
    .action(async (file: string | undefined, _: unknown, self: Command) => {
      // The command above has an option of the same name, which takes it.
      const json = self.optsWithGlobals().json === true;
      const { bits, strong } = secretStrength((await readInput(io, file ?? '-')).replace(/\r?\n$/, ''));
      if (json) io.stdout(`${JSON.stringify({ strong, bits, needed: strongSecretBits })}\n`);
      else
        io.stdout(
          `${strong ? 'strong' : 'weak'}: about ${bits} bits of guessing, ${strongSecretBits} are needed\n`,
        );
      if (!strong) throw new AlreadyReported();
    });
  return command;
}
