// One message: the verdict, the tree beside the octets, and the detail of what is marked.
import { useEffect, useState } from 'preact/hooks';
import type { Place } from '../state/places.ts';
import type { MessageView } from '../worker/protocol.ts';
import { FieldDetail } from './field-detail.tsx';
import { FieldTree } from './field-tree.tsx';
import { OctetView } from './octet-view.tsx';
import { SharePanel } from './share-panel.tsx';
import { Verdict } from './verdict.tsx';

/** What the panel needs. */
export interface MessagePanelProps {
  readonly view: MessageView;
  /** It is being explained anew. */
  readonly isExplaining: boolean;
  readonly isKept: boolean;
  readonly keep: () => void;
}

/** The panel. Pointing marks, choosing keeps the mark. */
export function MessagePanel({ view, isExplaining, isKept, keep }: MessagePanelProps) {
  const [hovered, setHovered] = useState<Place>();
  const [chosen, setChosen] = useState<Place>();
  useEffect(() => {
    setHovered(undefined);
    setChosen(undefined);
  }, [view.number, view.spaces]);
  const marked = hovered ?? chosen;
  return (
    <article aria-label={`Message ${view.number}`} data-message={view.number}>
      <Verdict view={view} isExplaining={isExplaining} choose={setChosen} />
      <SharePanel view={view} isKept={isKept} keep={keep} />
      <div class="sides">
        <FieldTree view={view} marked={marked} chosen={chosen} hover={setHovered} choose={setChosen} />
        <div class="right">
          <OctetView view={view} marked={marked} chosen={chosen} hover={setHovered} choose={setChosen} />
          <FieldDetail view={view} place={marked} hover={setHovered} choose={setChosen} />
        </div>
      </div>
    </article>
  );
}
