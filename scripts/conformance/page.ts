// The page docs/conformance.md. Nothing in it changes from run to run.
import { documents, type Row } from '../../test/conformance/row.ts';

/** How many rows may be shown between our own two ends only. */
export const ownEndsAllowed = 5;

const head = `# Conformance

Every row of the static conformance tables of the five specifications, the tests that show it, and what they show it with that
is not the code under test. \`npm run conformance\` runs these tests and writes this page; \`npm run conformance -- --plant\`
plants a fault for each row, of which its tests must take notice. [testing.md](testing.md#conformance) tells how.

The ids are the project's own, because the identifiers that the documents print repeat: document, client (C) or server (S),
number. M is mandatory there, O optional; Reveille has both. Where the section that a document prints for a row points beside its
subject, the section here is the one that defines it.
`;

/** The page. `files` are the test files of each row, all of them with a test of its name. */
export function conformancePage(rows: readonly Row[], files: ReadonlyMap<string, readonly string[]>): string {
  const own = rows.filter((row) => row.shownWith.length === 0).map((row) => row.id);
  const summary = `\n${rows.length} rows. Shown between our own two ends only (at most ${ownEndsAllowed} may be): ${own.join(', ') || 'none'}.\n`;
  const tables = Object.entries(documents).map(([prefix, name]) => {
    const lines = rows
      .filter((row) => row.id.startsWith(`${prefix}-`))
      .map((row) => lineOf(row, files.get(row.id) ?? []));
    return `\n## ${name}\n\n| row | printed as | | section | what | shown with | all its tests | planted fault |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n${lines.join('')}`;
  });
  return `${head}${summary}${tables.join('')}`;
}

function lineOf(row: Row, files: readonly string[]): string {
  const shown = row.shownWith.map(({ what, file }) => `${what} (${linkTo(`test/${file}`)})`);
  const cells = [
    row.id,
    row.printed,
    row.status,
    row.section,
    row.what,
    shown.join('; ') || 'our own two ends',
    files.map(linkTo).join(', '),
    linkTo(`src/${row.plant.file}`),
  ];
  return `| ${cells.join(' | ')} |\n`;
}

function linkTo(file: string): string {
  const short = file.replace(/^(?:test|src)\//, '').replace(/\.test\.ts$|\.ts$/, '');
  return `[${short}](../${file})`;
}
