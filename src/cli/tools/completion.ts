// reveille completion: a script with which a shell completes the commands, their options and files.
import { Argument, Command } from 'commander';
import { bashScript } from '../completion/bash-script.ts';
import type { CommandNode } from '../completion/command-tree.ts';
import { fishScript } from '../completion/fish-script.ts';
import { zshScript } from '../completion/zsh-script.ts';
import type { Io } from '../io/io.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

type Shell = keyof typeof scripts;

/** The `completion` command. `tree` gives all commands. */
export function completionCommand(io: Io, _: unknown, tree: () => Promise<CommandNode>): Command {
  return new Command('completion')
    .summary('print a script with which a shell completes commands')
    .description(
      'Prints a script that completes commands, options, their choices, and files where one is asked for. It is made of this ' +
        'release and starts nothing when it completes: print it again after an upgrade.',
    )
    .addArgument(new Argument('<SHELL>', 'which shell').choices(Object.keys(scripts)))
    .option('--json', 'one JSON object with the script')
    .addHelpText(
      'after',
      `
Examples:
  source <(reveille completion bash)                                    in ~/.bashrc
  source <(reveille completion zsh)                                     in ~/.zshrc, after compinit
  reveille completion fish > ~/.config/fish/completions/reveille.fish`,
    )
    .action(async (shell: Shell, { json = false }: { readonly json?: boolean }) => {
      const script = scripts[shell](await tree());
      io.stdout(json ? `${JSON.stringify({ shell, script })}\n` : script);
    });
}
