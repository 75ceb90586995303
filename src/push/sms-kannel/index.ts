// Short messages through Kannel's sendsms, and what its configuration has to hold for that.
export type { KannelConfigFinding } from './config-finding.ts';
export { kannelConfigFindings } from './config-findings.ts';
export type { KannelConfig, KannelConfigFile } from './config-lines.ts';
export { type KannelRoadOptions, kannelDefaults } from './kannel-options.ts';
export { createKannelRoad, type KannelRoad } from './kannel-road.ts';
export { type MatchedRoads, matchKannelRoads } from './match-roads.ts';
export type { KannelCounters } from './report-desk.ts';
export { type KannelRoadFacts, type KannelRoadFinding, kannelRoadFindings } from './road-findings.ts';
