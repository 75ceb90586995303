// The filter language for devices (docs/filters.md): text to a tree of conditions. Imports core alone, and loads in a browser.
export * from './condition.ts';
export { FilterError, filterLimits } from './filter-error.ts';
export * from './parse-filter.ts';
