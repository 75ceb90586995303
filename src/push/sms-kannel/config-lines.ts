// The lines of a Kannel configuration with those of what it includes in their place, as cfg_read of Kannel 1.4 puts them together.
import { ValueError } from '../../core/index.ts';

/** A file, or what stands for one. */
export interface KannelConfigFile {
  /** What findings call it. */
  readonly file: string;
  readonly text: string;
}

/** A configuration, and how what it includes is read. */
export interface KannelConfig extends KannelConfigFile {
  /**
   * Gives the file of a path, or those of a directory without its directories, `room` characters of them at most. Throws a `ValueError`
   * that says why it cannot.
   */
  readonly include: (path: string, room: number) => readonly KannelConfigFile[];
}

/** A line that says something. */
export interface ConfigLine {
  /** Without blanks around it; empty ends a group. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** The file, where it was included. */
  readonly file?: string;
}

/** What is wrong with an include. */
export interface IncludeFault {
  readonly severity: 'error' | 'warning';
  readonly line: number;
  readonly file?: string;
  readonly text: string;
}

/** Longest text that is read, with all that it includes, in characters. */
const longestConfig = 1_000_000;

/** Files within files, at most. */
const deepest = 16;

/** Files in all, at most. */
const maxFiles = 1000;

/** Puts the lines together. A text alone says what it includes, and that is passed over. */
class Expansion {
  readonly lines: ConfigLine[] = [];
  readonly faults: IncludeFault[] = [];
  readonly #include: KannelConfig['include'] | undefined;
  /** Kannel takes a second include of a file for one without an end, wherever it stands. */
  readonly #seen = new Set<string>();
  #length = 0;

  constructor(include: KannelConfig['include'] | undefined) {
    this.#include = include;
  }

  take({ file, text }: KannelConfigFile, included: boolean, depth: number): void {
    this.#seen.add(file);
    this.#length += text.length;
    if (this.#length > longestConfig) {
      const what = included ? `${file}: more than ${longestConfig} characters with all that is included` : '';
      throw new ValueError(
        'TOO_LONG',
        what || `${text.length} characters, at most ${longestConfig} are read`,
      );
    }
    for (const [index, full] of text.split(/\r?\n/).entries()) {
      const place = { line: index + 1, ...(included && { file }) };
      const line = full.trim();
      const [, path] = /^include\s*=\s*(.*)$/.exec(line) ?? [];
      if (path === undefined) this.lines.push({ text: line, ...place });
      else this.#takeInclude(withoutQuotes(path), place, depth);
    }
    // The end of what was included ends a group too.
    if (included) this.lines.push({ text: '', line: 0 });
  }

  #takeInclude(path: string, place: Omit<ConfigLine, 'text'>, depth: number): void {
    if (this.#include === undefined) {
      this.lines.push({ text: '', ...place });
      return;
    }
    const fault = (severity: IncludeFault['severity'], text: string): void => {
      this.faults.push({ severity, ...place, text });
    };
    if (!path.startsWith('/')) {
      fault('warning', 'Kannel looks for it from the folder that it is started in: write the whole path');
    }
    let files: readonly KannelConfigFile[];
    try {
      files = this.#include(path, longestConfig - this.#length);
    } catch (error) {
      // Too much is too much for us, and nothing that is wrong with it.
      if (!(error instanceof ValueError) || error.code === 'TOO_LONG') throw error;
      fault('error', `${error.detail}: bearerbox does not start`);
      return;
    }
    for (const one of files) {
      if (this.#seen.has(one.file)) {
        fault('error', `${one.file} is included a second time, or by itself: bearerbox does not start`);
      } else if (depth >= deepest || this.#seen.size >= maxFiles) {
        const most = `${deepest} files within files and ${maxFiles} files are read`;
        throw new ValueError('TOO_LONG', `${one.file}: at most ${most}`);
      } else this.take(one, true, depth + 1);
    }
  }
}

/** All lines in their order. @throws {ValueError} TOO_LONG */
export function configLines(config: string | KannelConfig): {
  readonly lines: readonly ConfigLine[];
  readonly faults: readonly IncludeFault[];
} {
  const whole = typeof config === 'string' ? { file: '', text: config } : config;
  const expansion = new Expansion('include' in whole ? whole.include : undefined);
  expansion.take(whole, false, 0);
  return expansion;
}

/** A value of a line, without the quotes around it and what follows them. */
export function withoutQuotes(value: string): string {
  return value.replace(/^"((?:[^"\\]|\\.)*)".*$/, '$1');
}
