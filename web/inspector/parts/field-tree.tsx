// Layers and their fields as a tree; what is marked there is marked beside it in the octets.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { type Place, placeOf } from '../state/places.ts';
import type { MessageView } from '../worker/protocol.ts';
import { useWindow } from './use-window.ts';

/** What the tree needs. */
export interface FieldTreeProps {
  readonly view: MessageView;
  /** What is marked: under the pointer, or chosen. */
  readonly marked: Place | undefined;
  /** What was chosen: it stays when the pointer leaves. */
  readonly chosen: Place | undefined;
  readonly hover: (place: Place | undefined) => void;
  readonly choose: (place: Place) => void;
}

type Line =
  | { readonly kind: 'layer'; readonly layer: number }
  | { readonly kind: 'field'; readonly layer: number; readonly field: number };

const rowHeight = 24;

/** The tree. Arrow keys move, left and right fold a layer. */
export function FieldTree({ view, marked, chosen, hover, choose }: FieldTreeProps) {
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const [cursor, setCursor] = useState(0);
  useEffect(() => {
    setFolded(new Set());
    setCursor(0);
  }, [view.number, view.spaces]);
  const lines = useMemo(() => linesOf(view, folded), [view, folded]);
  const { box, from, to, height, top, reveal } = useWindow<HTMLDivElement>(lines.length, rowHeight);

  // What is chosen on the other side comes into sight here.
  useEffect(() => {
    if (chosen?.field === undefined) return;
    const layer = view.fields[chosen.field]?.layer ?? 0;
    if (folded.has(layer)) {
      setFolded(new Set([...folded].filter((each) => each !== layer)));
      return;
    }
    const at = lines.findIndex((line) => line.kind === 'field' && line.field === chosen.field);
    if (at < 0) return;
    setCursor(at);
    reveal(at);
  }, [chosen?.field, lines]);

  const moveTo = (at: number): void => {
    const line = lines[Math.min(Math.max(at, 0), lines.length - 1)];
    if (line === undefined) return;
    const place = lines.indexOf(line);
    setCursor(place);
    reveal(place);
    choose(line.kind === 'field' ? placeOf(view, line.field) : layerPlace(view, line.layer));
  };
  const fold = (layer: number, isFolded: boolean): void => {
    setFolded(new Set(isFolded ? [...folded, layer] : [...folded].filter((each) => each !== layer)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const line = lines[cursor];
    if (line === undefined) return;
    const isOpen = line.kind === 'layer' && !folded.has(line.layer);
    switch (event.key) {
      case 'ArrowDown':
        moveTo(cursor + 1);
        break;
      case 'ArrowUp':
        moveTo(cursor - 1);
        break;
      case 'PageDown':
        moveTo(cursor + 15);
        break;
      case 'PageUp':
        moveTo(cursor - 15);
        break;
      case 'Home':
        moveTo(0);
        break;
      case 'End':
        moveTo(lines.length - 1);
        break;
      case 'ArrowRight':
        if (line.kind === 'layer' && !isOpen) fold(line.layer, false);
        else if (isOpen) moveTo(cursor + 1);
        break;
      case 'ArrowLeft':
        if (isOpen) fold(line.layer, true);
        else moveTo(lines.findIndex((each) => each.kind === 'layer' && each.layer === line.layer));
        break;
      case 'Enter':
      case ' ':
        if (line.kind === 'layer') fold(line.layer, isOpen);
        break;
      default:
        return;
    }
    event.preventDefault();
  };
  if (lines.length === 0) return <p class="nothing">Nothing could be read of it.</p>;
  return (
    <div
      ref={box}
      class="tree"
      role="tree"
      aria-label="Layers and fields"
      tabIndex={0}
      {...(cursor >= from && cursor < to ? { 'aria-activedescendant': `line-${cursor}` } : {})}
      onKeyDown={onKeyDown}
      onMouseLeave={() => hover(undefined)}
    >
      <div class="all" role="presentation" style={{ height: `${height}px` }}>
        <div class="sight" role="presentation" style={{ transform: `translateY(${top}px)` }}>
          {lines.slice(from, to).map((line, index) => {
            const at = from + index;
            return line.kind === 'layer' ? (
              <LayerLine
                key={`layer-${line.layer}`}
                at={at}
                view={view}
                layer={line.layer}
                isFolded={folded.has(line.layer)}
                isCursor={at === cursor}
                hover={hover}
                choose={() => {
                  fold(line.layer, !folded.has(line.layer));
                  setCursor(at);
                }}
              />
            ) : (
              <FieldLine
                key={line.field}
                at={at}
                view={view}
                field={line.field}
                isMarked={marked?.field === line.field}
                isChosen={chosen?.field === line.field}
                hover={hover}
                choose={() => choose(placeOf(view, line.field))}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The beginning of a layer, when none of its fields is meant. */
function layerPlace(view: MessageView, layer: number): Place {
  const { space, offset } = view.layers[layer] ?? { space: 0, offset: 0 };
  return { space, offset };
}

function linesOf(view: MessageView, folded: ReadonlySet<number>): readonly Line[] {
  return view.layers.flatMap(({ first, count }, layer): Line[] => {
    const head: Line = { kind: 'layer', layer };
    if (folded.has(layer)) return [head];
    const fields = Array.from(
      { length: count },
      (_, i): Line => ({ kind: 'field', layer, field: first + i }),
    );
    return [head, ...fields];
  });
}

interface LayerLineProps {
  readonly at: number;
  readonly view: MessageView;
  readonly layer: number;
  readonly isFolded: boolean;
  readonly isCursor: boolean;
  readonly hover: (place: Place | undefined) => void;
  readonly choose: () => void;
}

function LayerLine({ at, view, layer, isFolded, isCursor, hover, choose }: LayerLineProps) {
  const { title } = view.layers[layer] ?? { title: '' };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys for all its lines
    <div
      id={`line-${at}`}
      role="treeitem"
      tabIndex={-1}
      aria-level={1}
      aria-posinset={layer + 1}
      aria-setsize={view.layers.length}
      aria-expanded={!isFolded}
      aria-selected={isCursor}
      class={`line layer hue-${layer % 6}`}
      onMouseEnter={() => hover(undefined)}
      onClick={choose}
    >
      <span class="fold" aria-hidden="true">
        {isFolded ? '▸' : '▾'}
      </span>
      <span class="title" title={title}>
        {title}
      </span>
    </div>
  );
}

interface FieldLineProps {
  readonly at: number;
  readonly view: MessageView;
  readonly field: number;
  readonly isMarked: boolean;
  readonly isChosen: boolean;
  readonly hover: (place: Place | undefined) => void;
  readonly choose: () => void;
}

function FieldLine({ at, view, field, isMarked, isChosen, hover, choose }: FieldLineProps) {
  const shown = view.fields[field];
  if (shown === undefined) return null;
  const { first, count } = view.layers[shown.layer] ?? { first: 0, count: 0 };
  const { name, value, meaning, document, section } = shown;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys for all its lines
    <div
      id={`line-${at}`}
      role="treeitem"
      tabIndex={-1}
      aria-level={2}
      aria-posinset={field - first + 1}
      aria-setsize={count}
      aria-selected={isChosen}
      data-field={name}
      class={`line field hue-${shown.layer % 6}${isMarked ? ' marked' : ''}`}
      onMouseEnter={() => hover(placeOf(view, field))}
      onClick={choose}
    >
      <span class="name">{name}</span>
      <span class="value">{value}</span>
      <span class="meaning">{meaning}</span>
      <span class="section">{section === '' ? document : `§${section}`}</span>
    </div>
  );
}
