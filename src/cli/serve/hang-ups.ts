// SIGHUP from the beginning: one that comes while the server starts is answered once it has.
import type { Io } from '../io/io.ts';

/** The signal, heard. */
export interface HangUps {
  /** Has `listener` called at each, from now on; at once where one has come already. */
  answer(listener: () => void): void;
  /** Hears no more. */
  leave(): void;
}

/** Hears SIGHUP, which ends the process no more then. */
export function hangUps(io: Pick<Io, 'onHangUp'>): HangUps {
  let waiting = false;
  let listener: (() => void) | undefined;
  const leave = io.onHangUp?.(() => {
    if (listener === undefined) waiting = true;
    else listener();
  });
  return {
    answer(answering) {
      listener = answering;
      if (waiting) answering();
    },
    leave: leave ?? (() => undefined),
  };
}
