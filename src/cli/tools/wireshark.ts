// reveille wireshark: the dissector of Package #0, for Wireshark and tshark.
import { Command } from 'commander';
import { wiresharkDissector } from '../../wireshark/index.ts';
import type { Io } from '../io/io.ts';

/** The `wireshark` command. */
export function wiresharkCommand(io: Io): Command {
  return new Command('wireshark')
    .summary('print a Wireshark dissector of Package #0')
    .description(
      'Prints a dissector of Package #0 in its three formats, a program in Lua for the folder of personal Lua plugins ' +
        '(Help, About Wireshark, Folders). It shows each field with its section, what is unusual or wrong, and with a ' +
        'secret in its preferences whether the digest holds (docs/wireshark.md).',
    )
    .addHelpText(
      'after',
      `
Examples:
  reveille wireshark > ~/.local/lib/wireshark/plugins/package0.lua
  reveille wireshark > package0.lua && tshark -X lua_script:package0.lua -V -r pushes.pcapng`,
    )
    .option('--json', 'one JSON object with the program')
    .action(({ json }: { readonly json?: boolean }) => {
      const program = wiresharkDissector();
      io.stdout(json === true ? `${JSON.stringify({ language: 'lua', program })}\n` : program);
    });
}
