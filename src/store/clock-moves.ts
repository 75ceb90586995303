// What a store does when the wall clock is set. Times in it are of two kinds: dates, which somebody named (not before,
// not after), and waits, which were counted from the moment of writing (pauses, leases, lives). Dates stay; waits go on for
// as long as was left of them, whatever the clock says. So a clock that goes back an hour keeps nothing waiting an hour
// longer, and one that goes forward lets no lease end under its holder.

/** Tells that the clock was set. */
export interface ClockMoves {
  /**
   * Calls `listener` once due times have been moved because the clock was set: what is due next may be another thing. The
   * store finds out by itself, with the first call after the clock was set; what was written under an earlier clock is put
   * right when the store is opened. Gives what ends the subscription.
   */
  onClockMoved(listener: () => void): () => void;
}
