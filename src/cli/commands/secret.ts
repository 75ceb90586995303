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
    .action(({ octets }: { readonly octets: string }) => {
      io.stdout(`${generateSecret(readInteger(octets, '--octets', 16, 64))}\n`);
    });
  command
    .command('check')
    .summary('estimate how hard a secret is to guess')
    .description(
      'Reads one secret and prints its strength, never the secret. The exit status is 1 for a weak one.',
    )
    .argument('[FILE]', 'file with the secret; "-" or nothing reads standard input')
    .action(async (file: string | undefined) => {
      const { bits, strong } = secretStrength((await readInput(io, file ?? '-')).replace(/\r?\n$/, ''));
      io.stdout(
        `${strong ? 'strong' : 'weak'}: about ${bits} bits of guessing, ${strongSecretBits} are needed\n`,
      );
      if (!strong) throw new AlreadyReported();
    });
  return command;
}
