// All that is known of the marked field: its octets bit by bit, what they mean, and the section that says so.
import { covers, type Place, placeAt } from '../state/places.ts';
import type { MessageView, ViewField } from '../worker/protocol.ts';

/** What the detail needs. */
export interface FieldDetailProps {
  readonly view: MessageView;
  readonly place: Place | undefined;
  readonly hover: (place: Place | undefined) => void;
  readonly choose: (place: Place) => void;
}

/** Octets of a field that are shown bit by bit, at most. */
const mostOctets = 8;

/** The detail; it keeps its height, so that nothing jumps while the pointer moves. */
export function FieldDetail({ view, place, hover, choose }: FieldDetailProps) {
  const field = place?.field === undefined ? undefined : view.fields[place.field];
  if (place === undefined) {
    return (
      <section class="detail" aria-label="Field">
        <p class="quiet">Point at a field or an octet, or walk with the arrow keys.</p>
      </section>
    );
  }
  const [start, count] = shownOctets(field, place.offset);
  const octets = view.spaces[place.space]?.octets.subarray(start, start + count) ?? new Uint8Array(0);
  return (
    <section class="detail" aria-label="Field">
      <h3>
        {field?.name ?? 'No field was read here'} <span class="quiet">{placeText(field, place.offset)}</span>
      </h3>
      {field !== undefined && (
        <dl>
          <dt>Value</dt>
          <dd class="mono">{field.value === '' ? '–' : field.value}</dd>
          <dt>Meaning</dt>
          <dd>{field.meaning === '' ? '–' : field.meaning}</dd>
          <dt>Defined in</dt>
          <dd>{sectionText(field)}</dd>
        </dl>
      )}
      {octets.length > 0 && (
        // biome-ignore lint/a11y/noStaticElementInteractions: only the mark goes with the pointer, and keys have their own
        <div class="bits" onMouseLeave={() => hover(undefined)}>
          {[...octets].map((octet, at) => (
            <span key={start + at} class="bit-octet">
              <span class="bit-offset">{start + at}</span>
              {Array.from({ length: 8 }, (_, bit) => (
                <button
                  key={bit}
                  type="button"
                  tabIndex={-1}
                  class={field !== undefined && covers(field, start + at, bit) ? 'bit marked' : 'bit'}
                  aria-label={`octet ${start + at}, bit ${bit}: ${(octet >> (7 - bit)) & 1}`}
                  onMouseEnter={() => hover(placeAt(view, place.space, start + at, bit))}
                  onClick={() => choose(placeAt(view, place.space, start + at, bit))}
                >
                  {(octet >> (7 - bit)) & 1}
                </button>
              ))}
            </span>
          ))}
          {field !== undefined && field.length > count && (
            <span class="quiet">… {field.length - count} more octets</span>
          )}
        </div>
      )}
    </section>
  );
}

/** The octets shown bit by bit: those of the field, or the one octet. */
function shownOctets(field: ViewField | undefined, offset: number): readonly [start: number, count: number] {
  return field === undefined ? [offset, 1] : [field.offset, Math.min(field.length, mostOctets)];
}

function placeText(field: ViewField | undefined, offset: number): string {
  if (field === undefined) return `octet ${offset}`;
  const { offset: start, length, bit, bits } = field;
  if (length === 0) return `follows from others, at octet ${start}`;
  const octets = length === 1 ? `octet ${start}` : `octets ${start} to ${start + length - 1}`;
  if (bit === null || bits === null) return octets;
  return `${octets}, ${bits === 1 ? `bit ${bit}` : `${bits} bits from bit ${bit}`}`;
}

function sectionText({ document, section }: ViewField): string {
  return section === '' ? document : `${document} §${section}`;
}
