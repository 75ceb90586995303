// The table of docs/configuration.md: each setting with its key, option, variable, default, and whether SIGHUP has it read again.
import { variableOf } from '../../src/cli/settings/setting.ts';
import { settingList } from '../../src/cli/settings/settings-table.ts';

const begin = '<!-- settings: written by scripts/configuration.ts -->';
const end = '<!-- end of settings -->';

/** The page with its table written anew. @throws {Error} it has no place for one */
export function withSettings(text: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/configuration.md has no ${begin}`);
  return `${text.slice(0, from + begin.length)}\n\n${table()}\n${text.slice(to)}`;
}

function table(): string {
  const rows = settingList.map(([, each]) => {
    const { key, flag, kind, initial, otherwise, reloads, summary } = each;
    const plain = initial === undefined || initial === '' ? (otherwise ?? '–') : `\`${initial}\``;
    const choices = kind.choices === undefined ? '' : `: ${kind.choices.join(', ')}`;
    const cells = [
      `\`${key}\``,
      `\`${[flag, kind.placeholder].join(' ').trim()}\``,
      `\`${variableOf(each)}\``,
      plain,
      reloads ? 'yes' : 'no',
      `${summary}${choices}`,
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  const head =
    '| key below `server` | option | variable | default | SIGHUP | what |\n| --- | --- | --- | --- | --- | --- |';
  return `${head}\n${rows.join('\n')}\n`;
}
