# Asks zsh for completions of a line, as at a terminal: $1 is the script, $2 the line. Prints one a line between two lines of "---".
zmodload zsh/zpty || exit 1
zpty z zsh -f -i
() {
  zpty -w z "source $1"
  repeat 200; do
    zpty -r z line
    [[ $line == ready* ]] && return
  done
  exit 2
} =( <<< '
PROMPT=
autoload -Uz compinit
compinit -D -u
source '"$1"'
bindkey "^M" undefined
bindkey "^J" undefined
bindkey "^I" complete-word
rule() { print -r -- --- }
compprefuncs=( rule )
comppostfuncs=( rule exit )
zstyle ":completion:*" list-grouped false
zstyle ":completion:*" force-list always
compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return $?
  fi
  typeset -a hits
  builtin compadd -A hits "$@"
  local each
  for each in $hits; do print -r -- "$IPREFIX$each"; done
}
stty -echo
print -r -- ready
')
zpty -w z "$2"$'\t'
while zpty -r z line 2>/dev/null; do print -rn -- "$line"; done
