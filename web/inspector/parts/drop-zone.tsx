// Files and texts that are dropped or pasted anywhere on the page.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** What the zone needs. */
export interface DropZoneProps {
  readonly openText: (text: string, name: string) => void;
  readonly openFile: (file: File) => void;
  readonly children: ComponentChildren;
}

/** The page as one zone. What is pasted into a field stays there. */
export function DropZone({ openText, openFile, children }: DropZoneProps) {
  const [isOver, setOver] = useState(false);
  const take = (data: DataTransfer | null, how: string): boolean => {
    const file = data?.files[0];
    const text = data?.getData('text/plain') ?? '';
    if (file !== undefined) openFile(file);
    else if (text.trim() !== '') openText(text, `what was ${how}`);
    else return false;
    return true;
  };
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const { target } = event;
      if (target instanceof HTMLElement && target.closest('input, textarea') !== null) return;
      if (take(event.clipboardData, 'pasted')) event.preventDefault();
    };
    const onDragOver = (event: DragEvent): void => {
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      take(event.dataTransfer, 'dropped');
    };
    document.addEventListener('paste', onPaste);
    document.addEventListener('dragover', onDragOver);
    document.addEventListener('dragleave', onDragLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('paste', onPaste);
      document.removeEventListener('dragover', onDragOver);
      document.removeEventListener('dragleave', onDragLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, []);
  return <div class={isOver ? 'inspector over' : 'inspector'}>{children}</div>;
}
