// Completion for bash, 3.2 and later: a function that walks the words before the cursor.
import { type CommandNode, type ValueNode, withCommandsBelow } from './command-tree.ts';
import { pathWord, quoted } from './quoting.ts';

/** The script for a tree of commands. */
export function bashScript(root: CommandNode): string {
  const all = withCommandsBelow(root);
  return `# bash completion for reveille. To use it: source <(reveille completion bash)

# For a command: what may follow it, and which of its options take a value.
_reveille_command() {
  commands='' options='' valued=' ' values='none'
  case "$1" in
${all.map(commandCase).join('\n')}
  esac
}

# For an option of a command: its values.
_reveille_option() {
  values='none'
  case "$1" in
${all.flatMap(optionCases).join('\n')}
  esac
}

# Words of $1, one a line, that begin with what is typed.
_reveille_offer() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

_reveille_values() {
  local IFS=$'\\n'
  case "$values" in
    none) ;;
    file)
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -f -- "$cur"))
      ;;
    folder)
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -d -- "$cur"))
      ;;
    *) _reveille_offer "$values" ;;
  esac
}

_reveille() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" path=reveille commands options valued values word option='' index
  COMPREPLY=()
  _reveille_command "$path"
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    # bash takes --option=value apart.
    [ "$word" = '=' ] && continue
    if [ -n "$option" ]; then
      option=''
      continue
    fi
    case "$word" in
      --) return ;;
      -*) [[ $valued == *" $word "* ]] && option="$word" ;;
      *)
        if [[ $'\\n'$commands$'\\n' == *$'\\n'"$word"$'\\n'* ]]; then
          path="$path $word"
          _reveille_command "$path"
        fi
        ;;
    esac
  done
  [ "$cur" = '=' ] && cur=''
  if [ -n "$option" ]; then
    _reveille_option "$path $option"
    _reveille_values
  elif [[ $cur == -* ]]; then
    _reveille_offer "$options"
  elif [ -n "$commands" ]; then
    _reveille_offer "$commands"
  else
    _reveille_values
  fi
}

complete -F _reveille reveille
`;
}

function commandCase({ path, options, commands, values }: CommandNode): string {
  const valued = options.filter(({ value }) => value !== undefined).flatMap(({ names }) => names);
  const settings = [
    `commands=${lines(commands.map((each) => each.path.at(-1) ?? ''))}`,
    `options=${lines(options.flatMap(({ names }) => names))}`,
    ...(valued.length === 0 ? [] : [`valued=${quoted(` ${valued.join(' ')} `)}`]),
    ...offered(values),
  ];
  return `    ${quoted(pathWord(path))})\n${settings.map((each) => `      ${each}`).join('\n')}\n      ;;`;
}

function optionCases({ path, options }: CommandNode): readonly string[] {
  return options.flatMap(({ names, value }) => {
    const [setting] = value === undefined ? [] : offered([value]);
    if (setting === undefined) return [];
    const patterns = names.map((name) => quoted(`${pathWord(path)} ${name}`)).join(' | ');
    return [`    ${patterns}) ${setting} ;;`];
  });
}

/** What is offered where one of these values stands: the first that can be offered. */
function offered(values: readonly ValueNode[]): readonly string[] {
  const known = values.map(({ value }) => value).find(({ kind }) => kind !== 'other');
  if (known === undefined) return [];
  return [`values=${known.kind === 'choices' ? lines(known.choices) : known.kind}`];
}

/** Words, one a line. */
function lines(words: readonly string[]): string {
  return words.length === 0 ? "''" : `$'${words.map((word) => word.replaceAll("'", "\\'")).join('\\n')}'`;
}
