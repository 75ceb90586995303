// What the log is told when secrets lie open in the database.
import type { Logger } from '../../core/index.ts';
import { openSecretsText, type Sealing } from '../../store/index.ts';

/** Looks in its own time, and warns once: of what lies open, or that what comes will. */
export async function warnOfOpenSecrets(sealing: () => Promise<Sealing>, logger: Logger): Promise<void> {
  let state: Sealing;
  try {
    state = await sealing();
  } catch (error) {
    logger.debug({ error: String(error) }, 'nobody knows whether secrets lie open in the database');
    return;
  }
  const { keyId, open } = state;
  if (open.length === 0) {
    if (keyId === undefined)
      logger.warn({}, 'secrets will lie open in the database: give a key with --seal-key');
    return;
  }
  const counts = Object.fromEntries(open.map(({ table, column, count }) => [`${table}.${column}`, count]));
  logger.warn(
    { open: counts },
    `secrets lie open in the database (${openSecretsText(open)}): ${
      keyId === undefined
        ? 'seal them with --seal-key and reveille seal apply'
        : 'they were there before the key; stop the server and seal them with reveille seal apply'
    }`,
  );
}
