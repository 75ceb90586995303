// The logger of the core, under this room's door too.
export { type Logger, type LogLine, silentLogger } from '../core/index.ts';
