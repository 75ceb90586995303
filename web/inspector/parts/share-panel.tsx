// Ways out of a view: a link where nothing looks like a secret, and keeping the message to compare others with it.
import { useEffect, useState } from 'preact/hooks';
import { fragmentOf } from '../state/link.ts';
import type { MessageView } from '../worker/protocol.ts';

/** What the panel needs. */
export interface SharePanelProps {
  readonly view: MessageView;
  readonly isKept: boolean;
  readonly keep: () => void;
}

/** Buttons, and the link below them. */
export function SharePanel({ view, isKept, keep }: SharePanelProps) {
  const [made, setMade] = useState<ReturnType<typeof fragmentOf>>();
  useEffect(() => setMade(undefined), [view.spaces]);
  return (
    <div class="share">
      <button type="button" disabled={isKept} onClick={keep}>
        Compare with another…
      </button>
      <button
        type="button"
        title={view.unlinked}
        onClick={() =>
          setMade(
            view.parts === undefined
              ? { refusal: view.unlinked ?? 'There are no octets to link to.' }
              : fragmentOf(view.parts, view.mayHold),
          )
        }
      >
        Link
      </button>
      {made !== undefined && 'refusal' in made && (
        <p class="bad" role="alert">
          {made.refusal}
        </p>
      )}
      {made !== undefined && 'fragment' in made && (
        <label class="link">
          Link to these octets, in which nothing looks like a secret{' '}
          <input
            type="text"
            readOnly
            value={location.href.replace(/#.*$/s, '') + made.fragment}
            onFocus={(event) => event.currentTarget.select()}
          />
        </label>
      )}
    </div>
  );
}
