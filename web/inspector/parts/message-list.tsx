// The messages of an input: filtered, and only those in sight in the document.
import { useEffect } from 'preact/hooks';
import type { ListState } from '../state/inspector-state.ts';
import type { Filter, Row } from '../worker/protocol.ts';
import { useWindow } from './use-window.ts';

/** What the list needs. */
export interface MessageListProps {
  readonly list: ListState;
  readonly total: number;
  readonly selected: number | undefined;
  readonly filter: (change: Partial<Filter>) => void;
  readonly sight: (from: number, to: number) => void;
  readonly select: (number: number) => void;
  readonly step: (by: number) => void;
}

const rowHeight = 44;
const keys: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };

/** Filters, and the list below them. */
export function MessageList(props: MessageListProps) {
  const { list, total, selected, filter, sight, select, step } = props;
  const { box, from, to, height, top, reveal } = useWindow<HTMLDivElement>(list.count, rowHeight);
  useEffect(() => sight(from, to), [from, to, list.count]);
  const at = list.rows.findIndex(({ number }) => number === selected);
  useEffect(() => {
    if (at >= 0) reveal(list.from + at);
  }, [selected]);
  const rows = list.rows.slice(Math.max(0, from - list.from), Math.max(0, to - list.from));
  const first = Math.max(from, list.from);
  return (
    <section class="messages" aria-label="Messages">
      <div class="filters">
        <input
          type="search"
          placeholder="Filter"
          aria-label="Filter by text or number"
          value={list.filter.text}
          onInput={(event) => filter({ text: event.currentTarget.value })}
        />
        <Choice
          label="Layer"
          all="any layer"
          names={list.protocols}
          value={list.filter.protocol}
          choose={(protocol) => filter({ protocol })}
        />
        <Choice
          label="Kind"
          all="any kind"
          names={list.kinds}
          value={list.filter.kind}
          choose={(kind) => filter({ kind })}
        />
        <span class="quiet" data-shown={list.count}>
          {list.count === total
            ? `${total.toLocaleString('en')} messages`
            : `${list.count.toLocaleString('en')} of ${total.toLocaleString('en')}`}
        </span>
      </div>
      {list.count === 0 ? (
        <p class="nothing">No message matches.</p>
      ) : (
        <div
          ref={box}
          class="rows"
          role="listbox"
          aria-label="Messages in their order"
          tabIndex={0}
          {...(at >= 0 ? { 'aria-activedescendant': `message-${selected}` } : {})}
          onKeyDown={(event) => {
            const by = keys[event.key];
            if (by === undefined) return;
            event.preventDefault();
            step(by);
          }}
        >
          <div class="all" role="presentation" style={{ height: `${height}px` }}>
            <div
              class="sight"
              role="presentation"
              style={{ transform: `translateY(${top + (first - from) * rowHeight}px)` }}
            >
              {rows.map((row, index) => (
                <MessageRow
                  key={row.number}
                  row={row}
                  position={first + index + 1}
                  count={list.count}
                  selected={row.number === selected}
                  select={select}
                />
              ))}
            </div>
          </div>
        </div>
      )}
    </section>
  );
}

interface MessageRowProps {
  readonly row: Row;
  readonly position: number;
  readonly count: number;
  readonly selected: boolean;
  readonly select: (number: number) => void;
}

const stateNames = { read: '', doubtful: 'has deviations', error: 'has an error' } as const;

function MessageRow({ row, position, count, selected, select }: MessageRowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys for all its rows
    <div
      id={`message-${row.number}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-posinset={position}
      aria-setsize={count}
      class={`row ${row.state}`}
      onClick={() => select(row.number)}
    >
      <span class="number">{row.number}</span>
      <span class="kind">{row.kind}</span>
      <span class="when">{row.time === undefined ? '' : row.time.slice(11, 23)}</span>
      <span class="text" title={row.text}>
        {row.text}
      </span>
      <span class="spoken">{stateNames[row.state]}</span>
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly all: string;
  readonly names: readonly string[];
  readonly value: string;
  readonly choose: (name: string) => void;
}

function Choice({ label, all, names, value, choose }: ChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => choose(event.currentTarget.value)}>
      <option value="">{all}</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}
