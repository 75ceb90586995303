// What a carrier says about a push after it has accepted it: the step from *accepted* to *delivered*, or to *failed*.
import type { Binding } from './binding.ts';

/** What became of a push that a carrier had accepted. */
export interface DeliveryReport {
  /** Name of the binding. */
  readonly binding: string;
  /** `id` of the push. */
  readonly pushId: string;
  /** `reference` of the receipt that `send` gave: what a store has beside the push. */
  readonly reference: string;
  /** The carrier's references of every message that the push went out as. */
  readonly references: readonly string[];
  /**
   * `delivered` when the carrier says so of all of them, `failed` when it gave up one; `unclear` when it said something
   * that may be about this push or about another one, so that it counts for neither. Nothing is guessed.
   */
  readonly outcome: 'delivered' | 'failed' | 'unclear';
  /** What the carrier said, for the timeline. */
  readonly detail: string;
}

/**
 * Takes a report. The carrier is told that the report was taken when this returns or resolves, so whoever needs it on
 * disk writes it first; when this throws or rejects, the carrier is asked to say it again.
 */
export type DeliveryReportHandler = (report: DeliveryReport) => void | Promise<void>;

/** A binding whose carrier reports later what became of the pushes that it accepted. */
export interface ReportingBinding<To> extends Binding<To> {
  /**
   * Takes up the wait for reports again: for a push that an earlier process sent, to `to` if that is known, whose receipt
   * gave `reference`. A carrier that gives one reference to several pushes is understood by the target alone. What the
   * carrier told that process about single messages of the push is not known here, so a push of several messages
   * may stay *accepted*; it is never reported delivered on less than a word for each.
   * @throws {ValueError} BAD_FORMAT when the reference is none of this binding
   */
  expectReport(pushId: string, reference: string, to?: To): void;
}
