// What the page shows at one moment.
import type { Filter, MessageView, Progress, Row, Settings, Trouble } from '../worker/protocol.ts';

/** The input that is open. */
export interface OpenInput {
  /** Name of the file, or what else it is. */
  readonly name: string;
  readonly progress: Progress;
}

/** The list of messages, as far as the page has it. */
export interface ListState {
  /** Messages that the filter lets through. */
  readonly count: number;
  readonly filter: Filter;
  readonly protocols: readonly string[];
  readonly kinds: readonly string[];
  /** Rows from `from` on: those in sight. */
  readonly from: number;
  readonly rows: readonly Row[];
}

/** Everything that the page shows. */
export interface InspectorState {
  readonly input?: OpenInput;
  readonly list: ListState;
  /** Number of the message that is shown, or waited for. */
  readonly selected?: number;
  readonly view?: MessageView;
  /** An explanation is under way: what `view` says of digest and family was held against other settings. */
  readonly isExplaining: boolean;
  /** Why the selected message cannot be shown. */
  readonly trouble?: Trouble;
  readonly settings: Settings;
  /** The message that others are compared with. */
  readonly kept?: { readonly view: MessageView; readonly name: string };
  /** What is said once, politely, to those who hear the page. */
  readonly said: string;
}

/** No filter. */
export const noFilter: Filter = Object.freeze({ text: '', protocol: '', kind: '' });

/** Nothing is open. */
export const emptyState: InspectorState = Object.freeze<InspectorState>({
  list: { count: 0, filter: noFilter, protocols: [], kinds: [], from: 0, rows: [] },
  settings: { as: 'auto' },
  isExplaining: false,
  said: '',
});
