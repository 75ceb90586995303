// What the client says to the server's commands: Statuses in the order received, Results after the Status of the same
// command (DM-PRO-1.2).
import {
  type DmCommand,
  type Item,
  type MessageForm,
  type Results,
  type Status,
  statusCodes,
} from '../../codec/syncml/index.ts';
import { carriedData, transmittedSize } from '../message/carried-data.ts';
import { unnumbered } from '../message/numbering.ts';
import { commandStatus } from '../message/replies.ts';
import { type ItemOutcome, type Ran, succeeded } from './command-runner.ts';

/** What bounds an answer. */
export interface AnswerLimits {
  readonly form: MessageForm;
  /** Octets of an object that the server takes. */
  readonly maxObjSize: number;
}

/** Statuses and Results of a command of message `msgRef`, and of all inside it. */
export function answersOf(ran: Ran, msgRef: string, limits: AnswerLimits): DmCommand[] {
  const outcomes = ran.outcomes.map((outcome) => withinLimits(outcome, limits));
  const results = outcomes.flatMap((outcome) => outcome.results ?? []);
  return [
    ...statusesOf(ran, outcomes, msgRef),
    ...(results.length === 0 ? [] : [resultsOf(ran, results, msgRef)]),
    ...ran.inner.flatMap((inner) => answersOf(inner, msgRef, limits)),
  ];
}

/** One Status when all items fared alike, else one for each. */
function statusesOf(ran: Ran, outcomes: readonly ItemOutcome[], msgRef: string): Status[] {
  const [first] = outcomes;
  if (first === undefined) return [];
  const alike = outcomes.every(
    ({ status, statusItems }) => status === first.status && statusItems === undefined,
  );
  if (outcomes.length > 1 && alike) return [commandStatus(msgRef, ran.command, first.status)];
  return outcomes.map(({ item, status, statusItems }) =>
    commandStatus(msgRef, ran.command, status, {
      about: item === undefined ? [] : [item],
      items: statusItems ?? [],
    }),
  );
}

function resultsOf(ran: Ran, items: readonly Item[], msgRef: string): Results {
  return { name: 'Results', cmdId: unnumbered, msgRef, cmdRef: ran.command.cmdId, items };
}

/** An object beyond the server's MaxObjSize is not sent: 413 instead. */
function withinLimits(outcome: ItemOutcome, limits: AnswerLimits): ItemOutcome {
  const { results, ...rest } = outcome;
  if (results === undefined || !succeeded(outcome.status)) return rest;
  const fits = results.every((item) => {
    const carried = carriedData(item, undefined, limits.form);
    return carried === undefined || transmittedSize(carried, limits.form) <= limits.maxObjSize;
  });
  return fits ? outcome : { ...rest, status: statusCodes.requestEntityTooLarge };
}
