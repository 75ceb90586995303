// Where a device's state is kept: one JSON document, whole or not at all.

/** Keeps one document. */
export interface StateStorage {
  /** For messages: the file's path. */
  readonly name: string;
  /** The document as last saved, or `undefined` when there is none yet. */
  load(): unknown;
  /**
   * Replaces the document. Resolves when it is durable; saves are carried out in the order of the calls, and each keeps
   * what `document` was at the time of its call.
   * @throws {ConfigError} when it cannot be written; the document saved before is still there
   */
  save(document: unknown): Promise<void>;
  /** Waits for saves in flight and gives the storage up. */
  close(): Promise<void>;
}

/** Keeps the document in memory, for simulated devices and tests. */
export function memoryState(initial?: unknown): StateStorage {
  let text = initial === undefined ? undefined : JSON.stringify(initial);
  return {
    name: 'state in memory',
    load: () => (text === undefined ? undefined : JSON.parse(text)),
    save(document) {
      text = JSON.stringify(document);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
