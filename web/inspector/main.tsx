// The inspector in a page of its own.
import { render } from 'preact';
import { Inspector } from './inspector.tsx';
import type { WorkerLike } from './state/controller.ts';

const place = document.getElementById('inspector');
if (place !== null) render(<Inspector startWorker={startWorker} />, place);

function startWorker(): WorkerLike {
  return new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module', name: 'reader' });
}
