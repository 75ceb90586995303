// Where a road over HTTP sends to first.
import type { UrlOfRoad } from '../doctor-links/links-check.ts';
import { carrierRequests } from './carrier-request.ts';

/** The URL, its secrets covered; `undefined` where none can be told. */
export const httpRoadUrl: UrlOfRoad = (sections, road, now) => {
  const [first] = carrierRequests(sections, road, now);
  return first === undefined || !URL.canParse(first.url) ? undefined : new URL(first.url);
};
