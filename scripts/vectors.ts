// Writes vectors/*.json anew from what they are made of: `scripts/vectors/`, and the examples in test/vectors.
// `test/published/vectors.test.ts` holds the files to it.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { textOfFile, vectorFiles } from './vectors/files.ts';

const folder = resolve(import.meta.dirname, '../vectors');
for (const [name, content] of Object.entries(vectorFiles())) {
  await writeFile(resolve(folder, name), textOfFile(content));
  console.log(`${name}: ${content.vectors.length}`);
}
