// What has to be done when the process ends, also when it is interrupted: children killed, folders removed.

const duties: (() => void)[] = [];

/** Has `duty` done when this process ends; the last one first. It must not wait. */
export function atEnd(duty: () => void): void {
  if (duties.length === 0) process.once('exit', runDuties);
  duties.push(duty);
}

/** Ends this process in order when it is told to end: Ctrl-C, SIGTERM, a terminal that goes. */
export function endWhenTold(): void {
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(codes[signal]));
  }
}

function runDuties(): void {
  for (const duty of duties.splice(0).reverse()) {
    try {
      duty();
    } catch (error) {
      process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}
