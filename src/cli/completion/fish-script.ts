// Completion for fish: what follows a command, told by a function that knows which command the words before the cursor name.
import { type CommandNode, type OptionNode, type ValueKind, withCommandsBelow } from './command-tree.ts';
import { pathWord, quotedForFish as quoted, shortLine } from './quoting.ts';

/** The script for a tree of commands. */
export function fishScript(root: CommandNode): string {
  const all = withCommandsBelow(root);
  const known = all.filter(({ path }) => path.length > 1).map(({ path }) => quoted(pathWord(path)));
  const valued = all.flatMap(({ path, options }) =>
    options
      .filter(({ value }) => value?.required === true)
      .flatMap(({ names }) => names.map((name) => quoted(pathWord([...path, name])))),
  );
  return `# fish completion for reveille. To use it: reveille completion fish | source

# The command that the words before the cursor name.
function __reveille_path
    set -l path reveille
    set -l value no
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test $value = yes
            set value no
        else if string match -q -- '-*' $word
            contains -- "$path $word" $__reveille_valued; and set value yes
        else if contains -- "$path $word" $__reveille_commands
            set path "$path $word"
        end
    end
    echo $path
end

function __reveille_at
    test (__reveille_path) = "$argv"
end

set -g __reveille_commands ${known.join(' ')}
set -g __reveille_valued ${valued.join(' ')}

complete -c reveille -e
complete -c reveille -f
${all.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, options, values, commands }: CommandNode): readonly string[] {
  const at = `complete -c reveille -n ${quoted(`__reveille_at ${pathWord(path)}`)}`;
  const file = values.map(({ value }) => value).find(({ kind }) => kind !== 'other');
  return [
    ...commands.map(
      (each) => `${at} -a ${quoted(each.path.at(-1) ?? '')} -d ${quoted(shortLine(each.summary))}`,
    ),
    ...options.map((option) => `${at} ${optionText(option)}`),
    ...(file === undefined ? [] : [`${at} ${offered(file)}`]),
  ];
}

function optionText({ names, value, description }: OptionNode): string {
  const written = names.map((name) =>
    name.startsWith('--') ? `-l ${quoted(name.slice(2))}` : `-s ${quoted(name.slice(1))}`,
  );
  // One whose value may be left out has it behind "=".
  const takes = value === undefined ? [] : [value.required ? '-r' : '', offered(value.value)];
  return [...written, ...takes.filter((part) => part !== ''), `-d ${quoted(shortLine(description))}`].join(
    ' ',
  );
}

function offered(value: ValueKind): string {
  switch (value.kind) {
    case 'choices':
      return `-f -a ${quoted(value.choices.join(' '))}`;
    case 'file':
      return '-F';
    case 'folder':
      return `-f -a '(__fish_complete_directories (commandline -ct))'`;
    default:
      return '-f';
  }
}
