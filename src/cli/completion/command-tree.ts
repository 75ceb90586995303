// All commands as data: what completion and the manual page are made of.
import type { Argument, Command, Option } from 'commander';

/** What a value is, as far as a shell can offer some. */
export type ValueKind =
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'file' | 'folder' | 'other' };

/** A value that an option or a command takes. */
export interface ValueNode {
  /** What the help calls it, such as `file` or `host:port`. */
  readonly name: string;
  readonly value: ValueKind;
  readonly required: boolean;
  /** True where there may be more than one. */
  readonly repeated: boolean;
  readonly description: string;
}

/** An option. */
export interface OptionNode {
  /** How it is written: `--help`, and `-h` before it where it has a short form. */
  readonly names: readonly string[];
  /** Absent for one that takes none. */
  readonly value?: ValueNode;
  readonly description: string;
  /** As the help shows it. */
  readonly defaultText?: string;
}

/** A command. */
export interface CommandNode {
  /** `reveille`, and the names of the commands to it. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly description: string;
  /** As the help shows it, such as `reveille restore [options] <FILE>`. */
  readonly usage: string;
  readonly options: readonly OptionNode[];
  readonly values: readonly ValueNode[];
  readonly commands: readonly CommandNode[];
  /** What the help says after the options: exit statuses, examples. */
  readonly after: string;
}

/** The tree below a program. Its commands have to be those of that program: `program.addCommand`. */
export function commandTree(program: Command): CommandNode {
  return nodeOf(program, []);
}

/** The command and all below it, each before its own. */
export function withCommandsBelow(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.commands.flatMap(withCommandsBelow)];
}

function nodeOf(command: Command, above: readonly string[]): CommandNode {
  const path = [...above, command.name()];
  const help = command.createHelp();
  return {
    path,
    summary: command.summary() || command.description(),
    description: command.description(),
    usage: help.commandUsage(command),
    options: help.visibleOptions(command).map(optionOf),
    values: command.registeredArguments.map((argument) => argumentOf(argument, argument.name())),
    // The command `help` is part of the program only: `--help` says the same everywhere.
    commands: help
      .visibleCommands(command)
      .filter((each) => command.commands.includes(each))
      .map((each) => nodeOf(each, path)),
    after: afterHelp(command),
  };
}

function optionOf(option: Option): OptionNode {
  const { short, long, flags, description, required, optional, variadic, defaultValue } = option;
  const names = [short, long].filter((name) => name !== undefined);
  const name = /[<[]([^>\]]*?)(?:\.\.\.)?[>\]]$/.exec(flags)?.[1];
  const defaultText =
    defaultValue === undefined ||
    defaultValue === false ||
    (Array.isArray(defaultValue) && defaultValue.length === 0)
      ? undefined
      : (option.defaultValueDescription ?? JSON.stringify(defaultValue));
  return {
    names,
    description,
    ...(defaultText === undefined ? {} : { defaultText }),
    ...(name === undefined || !(required || optional)
      ? {}
      : {
          value: {
            name,
            value: kindOf(name, option.argChoices),
            required,
            repeated: variadic,
            description: '',
          },
        }),
  };
}

function argumentOf(argument: Argument, name: string): ValueNode {
  const { argChoices, required, variadic, description } = argument;
  return { name, value: kindOf(name, argChoices), required, repeated: variadic, description };
}

/** By the name that the help has for a value: all commands name files in the same way. */
function kindOf(name: string, choices: readonly string[] | undefined): ValueKind {
  if (choices !== undefined) return { kind: 'choices', choices };
  if (/^(?:file|hex_or_file|state)$/i.test(name)) return { kind: 'file' };
  return { kind: /^folder$/i.test(name) ? 'folder' : 'other' };
}

/** What stands behind the options in the help of a command. */
function afterHelp(command: Command): string {
  let text = '';
  const output = command.configureOutput();
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  command.configureOutput(output);
  const own = command.helpInformation();
  return text.slice(text.indexOf(own) + own.length).trim();
}
