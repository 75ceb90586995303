// The process that reads a database for `examineDatabase`, one line of JSON for each thing that it finds.
import { argv, stdout } from 'node:process';
import { readDatabase } from './database-facts.ts';

const [, , file = '', use] = argv;
readDatabase(file, use === 'in-use', (facts) => stdout.write(`${JSON.stringify(facts)}\n`));
