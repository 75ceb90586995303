// Long lists keep only the rows in sight in the document.
import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Rows beyond those in sight that are there as well, at either end. */
const margin = 6;

/** The highest that browsers let a box be, with room to spare. Longer lists are scrolled in larger steps. */
const highest = 8_000_000;

/** The rows in sight. */
export interface RowWindow<Box extends HTMLElement> {
  readonly box: RefObject<Box | null>;
  readonly from: number;
  readonly to: number;
  /** Height of the whole list, in pixels. */
  readonly height: number;
  /** Where row `from` begins, in pixels. */
  readonly top: number;
  /** Scrolls so that a row is in sight. */
  readonly reveal: (row: number) => void;
}

/** Follows a scrolled box with `count` rows of `rowHeight` pixels; the box need not be there while there are none. */
export function useWindow<Box extends HTMLElement>(count: number, rowHeight: number): RowWindow<Box> {
  const box = useRef<Box>(null);
  const [seen, setSeen] = useState({ top: 0, height: 600 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = (): void => setSeen({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [count === 0]);
  // A list that became shorter is scrolled back by the browser, which says so too late.
  useEffect(() => {
    const element = box.current;
    if (element !== null) setSeen({ top: element.scrollTop, height: element.clientHeight });
  }, [count]);
  const full = count * rowHeight;
  const height = Math.min(full, highest);
  const span = Math.max(1, height - seen.height);
  // Scrolled part of a list that is higher than a box may be.
  const offset = full <= highest ? seen.top : (seen.top / span) * (full - seen.height);
  const first = Math.floor(offset / rowHeight);
  const from = Math.max(0, first - margin);
  const to = Math.min(count, first + Math.ceil(seen.height / rowHeight) + margin);
  const reveal = useCallback(
    (row: number): void => {
      const element = box.current;
      if (element === null) return;
      const scale = full <= highest ? 1 : span / (full - element.clientHeight);
      const top = row * rowHeight * scale;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + rowHeight > element.scrollTop + element.clientHeight) {
        element.scrollTop = top + rowHeight - element.clientHeight;
      }
    },
    [full, span, rowHeight],
  );
  return { box, from, to, height, top: seen.top - (offset - from * rowHeight), reveal };
}
