// Two messages, field by field.
import { useMemo, useState } from 'preact/hooks';
import { type ComparedField, compareViews, summaryOf } from '../state/compare.ts';
import type { MessageView, ViewField } from '../worker/protocol.ts';

/** What the comparison needs. */
export interface CompareViewProps {
  readonly left: MessageView;
  readonly leftName: string;
  readonly right: MessageView;
  readonly drop: () => void;
}

/** Rows of the table that are in the document at most. */
const mostRows = 2000;

/** The table; what is the same can be left out. */
export function CompareView({ left, leftName, right, drop }: CompareViewProps) {
  const [all, setAll] = useState(false);
  const fields = useMemo(() => compareViews(left, right), [left, right]);
  const different = fields.filter(({ state }) => state !== 'same');
  const shown = all ? fields : different;
  const isItself = left.spaces === right.spaces || left === right;
  return (
    <section class="compare" aria-labelledby="compare-title">
      <div class="compare-line">
        <h2 id="compare-title">Compared with {leftName}</h2>
        <span class="quiet" data-different={different.length}>
          {summaryOf(left, right, fields)}
        </span>
        <label>
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />{' '}
          also what is the same
        </label>
        <button type="button" onClick={drop}>
          End comparison
        </button>
      </div>
      {isItself && (
        <p class="quiet">
          Choose another message from the list, or open another input: it is compared with this one.
        </p>
      )}
      {shown.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reached by keys
        <section class="table" aria-labelledby="compare-title" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">Kept</th>
                <th scope="col">This one</th>
              </tr>
            </thead>
            <tbody>
              {shown.slice(0, mostRows).map((field, index) => (
                <ComparedRow key={`${field.name} ${index}`} field={field} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {shown.length > mostRows && <p class="quiet">… {shown.length - mostRows} more fields</p>}
    </section>
  );
}

function ComparedRow({ field: { layer, name, left, right, state } }: { readonly field: ComparedField }) {
  return (
    <tr class={state.replaceAll(' ', '-')}>
      <th scope="row" title={layer}>
        {name}
        {state === 'same' || state === 'changed' ? '' : <span class="quiet"> {state}</span>}
      </th>
      <td>{valueText(left)}</td>
      <td>{valueText(right)}</td>
    </tr>
  );
}

function valueText(field: ViewField | undefined): string {
  if (field === undefined) return '';
  return field.meaning === '' ? field.value : `${field.value} (${field.meaning})`;
}
