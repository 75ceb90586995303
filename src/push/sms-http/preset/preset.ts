// What is known of one company: its documents, and the rules that follow from them.
import type { AnswerRules } from '../answer/answer-rules.ts';
import type { ReceiptRules } from '../receipt/receipt-rules.ts';
import type { RequestTemplate } from '../request/request-template.ts';

/** A document that a preset stands on. */
export interface PresetSource {
  readonly title: string;
  readonly address: string;
  /** Day on which it was read, YYYY-MM-DD. */
  readonly read: string;
}

/** One company. */
export interface CentrePreset {
  /** Whose service it is. */
  readonly company: string;
  readonly sources: readonly PresetSource[];
  /** Fields of the account that have to be there, and what each is. */
  readonly account: Readonly<Record<string, { readonly what: string; readonly secret: boolean }>>;
  /** True when a message needs a sender. */
  readonly needsSender: boolean;
  readonly request: RequestTemplate;
  readonly answer: AnswerRules;
  /** Absent when its documents say nothing of receipts over HTTP. */
  readonly receipts?: ReceiptRules;
  /** How the address of a gateway looks that everybody runs for oneself, and has to be given; absent where there is one for all. */
  readonly ownPlace?: string;
  /** Shortest and longest validity that it takes, in seconds; absent when it takes none. */
  readonly validitySeconds?: { readonly shortest: number; readonly longest: number };
}
