// Completion for zsh: one function for each command, with what the help says of options.
import { type CommandNode, type OptionNode, type ValueNode, withCommandsBelow } from './command-tree.ts';
import { quoted, shortLine } from './quoting.ts';

/** The script for a tree of commands. */
export function zshScript(root: CommandNode): string {
  return `#compdef reveille
# zsh completion for reveille. To use it: source <(reveille completion zsh), or keep it as _reveille in a folder of $fpath

${withCommandsBelow(root).map(functionOf).join('\n')}
if [ "$funcstack[1]" = _reveille ]; then
  _reveille "$@"
else
  compdef _reveille reveille
fi
`;
}

function functionOf(node: CommandNode): string {
  const { options, values, commands } = node;
  const specs = options.flatMap(optionSpecs);
  if (commands.length === 0) {
    const all = [...specs, ...values.map(valueSpec)];
    return `${nameOf(node)}() {\n  _arguments -s -S : \\\n${all.map((spec) => `    ${spec}`).join(' \\\n')}\n}\n`;
  }
  const all = [...specs, quoted('1: :->command'), quoted('*:: :->rest')];
  const described = commands.map(
    ({ path, summary }) => `        ${quoted(`${path.at(-1)}:${shortLine(summary)}`)}`,
  );
  return `${nameOf(node)}() {
  local context curcontext="$curcontext" state line
  typeset -A opt_args
  _arguments -C -s -S : \\
${all.map((spec) => `    ${spec}`).join(' \\\n')}
  case "$state" in
    command)
      local -a commands
      commands=(
${described.join('\n')}
      )
      _describe -t commands command commands
      ;;
    rest)
      case "$words[1]" in
${commands.map((each) => `        ${each.path.at(-1)}) ${nameOf(each)} ;;`).join('\n')}
      esac
      ;;
  esac
}
`;
}

function nameOf({ path }: CommandNode): string {
  return `_${path.join('_').replaceAll('-', '_')}`;
}

/** One for each way to write it; an option may come again. */
function optionSpecs({ names, description, value }: OptionNode): readonly string[] {
  const told = shortLine(description)
    .replaceAll(/[[\]\\]/g, '\\$&')
    .replaceAll(':', '\\:');
  return names.map((name) => {
    if (value === undefined) return quoted(`*${name}[${told}]`);
    // A long one may have its value behind "=" too.
    const written = name.startsWith('--') ? `${name}=` : name;
    const colon = value.required ? ':' : '::';
    return quoted(`*${written}[${told}]${colon}${message(value)}:${action(value)}`);
  });
}

function valueSpec(value: ValueNode): string {
  const before = value.repeated ? '*' : '';
  const colon = value.required || value.repeated ? ':' : '::';
  return quoted(`${before}${colon}${message(value)}:${action(value)}`);
}

function message({ name }: ValueNode): string {
  return name.replaceAll('\\', '\\\\').replaceAll(':', '\\:');
}

function action({ value }: ValueNode): string {
  switch (value.kind) {
    case 'choices':
      return `(${value.choices.map((choice) => choice.replaceAll(/[\\():\s]/g, '\\$&')).join(' ')})`;
    case 'file':
      return '_files';
    case 'folder':
      return '_path_files -/';
    default:
      return ' ';
  }
}
