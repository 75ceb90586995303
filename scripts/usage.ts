// Arguments of the project's scripts: --help is a short usage and status 0, what is not known is one line and status 2.

/** What `parse` reads of the arguments; ends the process for `--help`, and for arguments that `parseArgs` refuses. */
export function withUsage<Result>(usage: string, parse: () => Result): Result {
  const asked = process.argv.slice(2);
  if (asked.includes('--help') || asked.includes('-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) {
      throw error;
    }
    // Node goes on with advice on arguments that begin with a dash.
    return wrongly(error.message.split(/\. |\n/, 1)[0] ?? '');
  }
}

/** Called wrongly: one line, status 2. */
export function wrongly(what: string): never {
  console.error(`${what.replace(/\.$/, '')}; --help says more`);
  process.exit(2);
}

/** A whole number from `least` on. */
export function wholeFrom(least: number, text: string, option: string): number {
  const number = Number(text);
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  return wrongly(`--${option} ${text}: use a whole number from ${least}`);
}
