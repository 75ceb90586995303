// Octets in rows, as a hex editor has them; the field of the one that is marked is marked beside it in the tree.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { coversPart, type Place, placeAt } from '../state/places.ts';
import type { MessageView } from '../worker/protocol.ts';
import { useWindow } from './use-window.ts';

/** What the view needs. */
export interface OctetViewProps {
  readonly view: MessageView;
  readonly marked: Place | undefined;
  readonly chosen: Place | undefined;
  readonly hover: (place: Place | undefined) => void;
  readonly choose: (place: Place) => void;
}

const rowHeight = 22;

/** Octets that were given, and behind tabs those that were put together from several places. */
export function OctetView({ view, marked, chosen, hover, choose }: OctetViewProps) {
  const [tab, setTab] = useState(0);
  const perRow = useOctetsPerRow();
  useEffect(() => setTab(chosen?.space ?? view.layers.at(-1)?.space ?? 0), [view.number, view.spaces]);
  const place = marked ?? chosen;
  useEffect(() => {
    if (chosen !== undefined) setTab(chosen.space);
  }, [chosen]);
  const space = view.spaces[tab] ?? view.spaces[0];
  const octets = space?.octets ?? new Uint8Array(0);
  const index = view.spaces[tab] === undefined ? 0 : tab;
  const hues = useMemo(() => huesOf(view, index, octets.length), [view, index, octets.length]);
  const rowCount = Math.ceil(octets.length / perRow);
  const { box, from, to, height, top, reveal } = useWindow<HTMLDivElement>(rowCount, rowHeight);
  const cursor = chosen?.space === index ? chosen.offset : 0;
  useEffect(() => {
    if (chosen !== undefined && chosen.space === index) reveal(Math.floor(chosen.offset / perRow));
  }, [chosen, index, perRow]);

  const field = place?.space === index && place.field !== undefined ? view.fields[place.field] : undefined;
  const classOf = (offset: number): string => {
    const hue = hues[offset] ?? 255;
    const base = hue === 255 ? 'octet' : `octet hue-${hue}`;
    const cursorClass = chosen?.space === index && chosen.offset === offset ? ' cursor' : '';
    if (field === undefined) {
      return place?.space === index && place.offset === offset
        ? `${base} marked${cursorClass}`
        : base + cursorClass;
    }
    if (offset < field.offset || offset >= field.offset + field.length) return base + cursorClass;
    return `${base} marked${coversPart(field, offset) ? ' part' : ''}${cursorClass}`;
  };
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: perRow,
    ArrowUp: -perRow,
    PageDown: perRow * 8,
    PageUp: -perRow * 8,
    Home: -octets.length,
    End: octets.length,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = moves[event.key];
    if (by === undefined || octets.length === 0) return;
    event.preventDefault();
    choose(placeAt(view, index, Math.min(Math.max(cursor + by, 0), octets.length - 1)));
  };
  const cursorRow = Math.floor(cursor / perRow);
  const rows = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  if (octets.length === 0 && view.spaces.length === 1)
    return <p class="nothing">There are no octets to show.</p>;
  return (
    <div class="octets">
      {view.spaces.length > 1 && (
        <div class="tabs" role="tablist" aria-label="Octets">
          {view.spaces.map(({ title, octets: each }, at) => (
            <button
              key={title}
              type="button"
              role="tab"
              id={`space-${at}`}
              aria-selected={at === index}
              aria-controls="octet-rows"
              onClick={() => setTab(at)}
            >
              {title} <span class="quiet">{each.length}</span>
            </button>
          ))}
        </div>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a table of cells that all take the focus would be slow */}
      <div
        ref={box}
        id="octet-rows"
        class="octet-rows"
        role="grid"
        aria-label={`${space?.title ?? 'Octets'}, ${octets.length} octets`}
        aria-rowcount={rowCount}
        aria-colcount={perRow}
        tabIndex={0}
        {...(cursorRow >= from && cursorRow < to && octets.length > 0
          ? { 'aria-activedescendant': `octet-${cursor}` }
          : {})}
        onKeyDown={onKeyDown}
        onMouseLeave={() => hover(undefined)}
        onMouseOver={(event) => {
          const offset = offsetOf(event.target);
          if (offset !== undefined) hover(placeAt(view, index, offset));
        }}
        onClick={(event) => {
          const offset = offsetOf(event.target);
          if (offset !== undefined) choose(placeAt(view, index, offset));
        }}
        onFocus={() => undefined}
      >
        <div class="all" role="presentation" style={{ height: `${height}px` }}>
          <div class="sight" role="presentation" style={{ transform: `translateY(${top}px)` }}>
            {rows.map((row) => (
              <OctetRow key={row} row={row} perRow={perRow} octets={octets} classOf={classOf} />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

interface OctetRowProps {
  readonly row: number;
  readonly perRow: number;
  readonly octets: Uint8Array;
  readonly classOf: (offset: number) => string;
}

function OctetRow({ row, perRow, octets, classOf }: OctetRowProps) {
  const start = row * perRow;
  const shown = [...octets.subarray(start, start + perRow)];
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus for all its cells
    <div role="row" aria-rowindex={row + 1} class="octet-row">
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <span role="rowheader" tabIndex={-1} class="offset">
        {start.toString(16).padStart(4, '0')}
      </span>
      {shown.map((octet, i) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        <span
          key={start + i}
          id={`octet-${start + i}`}
          role="gridcell"
          tabIndex={-1}
          data-offset={start + i}
          class={classOf(start + i)}
        >
          {octet.toString(16).padStart(2, '0')}
        </span>
      ))}
      {Array.from({ length: perRow - shown.length }, (_, i) => (
        <span key={`empty-${i}`} class="octet" aria-hidden="true" />
      ))}
      <span class="characters" aria-hidden="true">
        {shown.map((octet, i) => (
          <span
            key={start + i}
            data-offset={start + i}
            class={classOf(start + i).replace('octet', 'character')}
          >
            {octet > 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '·'}
          </span>
        ))}
      </span>
    </div>
  );
}

function offsetOf(target: EventTarget | null): number | undefined {
  const text = target instanceof HTMLElement ? target.dataset.offset : undefined;
  return text === undefined ? undefined : Number(text);
}

/** The innermost layer of each octet, as one of six hues; 255 where none covers it. */
function huesOf(view: MessageView, space: number, length: number): Uint8Array {
  const hues = new Uint8Array(length).fill(255);
  view.layers.forEach((layer, index) => {
    if (layer.space === space) hues.fill(index % 6, layer.offset, layer.offset + layer.length);
  });
  return hues;
}

/** 16 where there is room, else 8. */
function useOctetsPerRow(): number {
  const query = '(max-width: 760px)';
  const [isNarrow, setNarrow] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const look = (): void => setNarrow(list.matches);
    list.addEventListener('change', look);
    return () => list.removeEventListener('change', look);
  }, []);
  return isNarrow ? 8 : 16;
}
