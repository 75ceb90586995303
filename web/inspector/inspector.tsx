// The inspector as a component: it stands alone in its page, and can be put into another one.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { CompareView } from './parts/compare-view.tsx';
import { DropZone } from './parts/drop-zone.tsx';
import { HoldPanel } from './parts/hold-panel.tsx';
import { InputPanel } from './parts/input-panel.tsx';
import { KeysPanel } from './parts/keys-panel.tsx';
import { MessageList } from './parts/message-list.tsx';
import { MessagePanel } from './parts/message-panel.tsx';
import { ProgressBar } from './parts/progress.tsx';
import { Controller, type WorkerLike } from './state/controller.ts';
import { emptyState } from './state/inspector-state.ts';
import { partsOf } from './state/link.ts';

/** What the inspector needs of the page around it. */
export interface InspectorProps {
  /** Starts the worker that reads. It is ended with the component. */
  readonly startWorker: () => WorkerLike;
}

/** Octets explained. Everything is read in the browser; nothing is sent. */
export function Inspector({ startWorker }: InspectorProps) {
  const [state, setState] = useState(emptyState);
  const [linkFault, setLinkFault] = useState('');
  const result = useRef<HTMLElement>(null);
  const isUsed = useRef(false);
  const controller = useMemo(() => new Controller(startWorker(), setState), []);
  useEffect(() => {
    const follow = (): void => {
      try {
        const parts = partsOf(location.hash);
        setLinkFault('');
        if (parts !== undefined) controller.open({ kind: 'octets', parts }, 'a link');
      } catch (error) {
        setLinkFault(`This link cannot be read: ${error instanceof Error ? error.message : error}.`);
      }
    };
    follow();
    addEventListener('hashchange', follow);
    return () => {
      removeEventListener('hashchange', follow);
      controller.end();
    };
  }, []);
  const openText = (text: string, name: string): void => {
    isUsed.current = true;
    controller.open({ kind: 'text', text }, name);
  };
  const openFile = (file: File): void => {
    isUsed.current = true;
    controller.open({ kind: 'file', file, name: file.name }, file.name);
  };
  const { input, list, selected, view, trouble, isExplaining, settings, kept, said } = state;
  const opening = input?.progress.opening;
  // What had the focus may go with what it stood in: keys go on where people read on. A page that only loads takes no focus.
  useEffect(() => {
    const { activeElement, body } = document;
    if (!isUsed.current || (activeElement !== body && activeElement !== result.current)) return;
    const next =
      opening === undefined
        ? document.getElementById('octets')
        : (result.current?.querySelector<HTMLElement>('[role=tree]') ?? result.current);
    next?.focus({ preventScroll: true });
  }, [opening, view === undefined]);
  const total = input?.progress.messages ?? 0;
  // What a capture is opened with stays where it was typed while the capture is read anew.
  const isCapture = useRef(false);
  if (input === undefined) isCapture.current = false;
  else if (input.progress.form !== undefined) isCapture.current = input.progress.form === 'capture';
  const [forgotten, setForgotten] = useState(0);
  return (
    <DropZone openText={openText} openFile={openFile}>
      <header class="head">
        <h1>Reveille inspector</h1>
        <p class="quiet">Octets explained, in this browser alone</p>
      </header>
      <main>
        {linkFault !== '' && (
          <p class="bad" role="alert">
            {linkFault}
          </p>
        )}
        {input === undefined ? (
          <InputPanel openText={openText} openFile={openFile} />
        ) : (
          <>
            <ProgressBar
              input={input}
              cancel={() => controller.cancel()}
              close={() => {
                if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);
                controller.close();
              }}
            />
            <HoldPanel
              settings={settings}
              hold={(change) => controller.hold(change)}
              forget={() => {
                setForgotten((times) => times + 1);
                controller.forget();
              }}
            />
            {isCapture.current && (
              <KeysPanel key={`${forgotten} ${input.name}`} openWith={(keys) => controller.openWith(keys)} />
            )}
            {kept !== undefined && view !== undefined && (
              <CompareView
                left={kept.view}
                leftName={kept.name}
                right={view}
                drop={() => controller.drop()}
              />
            )}
            <div class={total > 1 ? 'work with-list' : 'work'}>
              {total > 1 && (
                <MessageList
                  list={list}
                  total={total}
                  selected={selected}
                  filter={(change) => controller.filter(change)}
                  sight={(from, to) => controller.sight(from, to)}
                  select={(number) => controller.select(number)}
                  step={(by) => controller.step(by)}
                />
              )}
              <section ref={result} class="message" aria-label="Result" tabIndex={-1}>
                {trouble !== undefined && (
                  <p class="bad" role="alert">
                    {trouble.message}
                  </p>
                )}
                {view === undefined ? (
                  <p class="nothing">{waitingText(input.progress.state, total)}</p>
                ) : (
                  <MessagePanel
                    view={view}
                    isExplaining={isExplaining}
                    isKept={kept?.view === view}
                    keep={() => controller.keep()}
                  />
                )}
              </section>
            </div>
          </>
        )}
      </main>
      <p class="spoken" role="status">
        {said}
      </p>
    </DropZone>
  );
}

function waitingText(state: string, messages: number): string {
  if (messages > 0) return 'Explaining …';
  return state === 'reading' ? 'Looking for the first message …' : 'There is no message in it.';
}
