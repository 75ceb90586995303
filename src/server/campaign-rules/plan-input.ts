// The plan of a campaign as callers give it, in JSON.
import { ValueError } from '../../core/index.ts';
import type { Filter } from '../../filter/index.ts';
import type { CampaignCanary, CampaignContent, CampaignPlan, CampaignTarget } from '../../store/index.ts';
import { InputReader } from '../input/input-reader.ts';
import { deviceFilter } from '../record/device-service.ts';
import { campaignBounds, readRules, requireJudge } from './rules-input.ts';

/** A plan, with what of it is not kept in the plan. */
export interface ReadPlan {
  readonly plan: CampaignPlan;
  /** The filter of a target by filter, parsed. */
  readonly filter?: Filter;
  /** Ids of a target by list, each once, in order. */
  readonly list?: readonly string[];
}

/** What a campaign may do to a device. */
export const campaignKinds = ['wake', 'job', 'message'] as const;

/** Fields of the single calls that a campaign sets itself. */
const ownFields = ['device', 'notBefore'] as const;

/**
 * Reads `{ name, content, target, startAt?, canary? }` and the rules (`readRules`). What its content says of a device is read
 * when there is one.
 * @param now milliseconds since the POSIX epoch
 * @throws {ValueError} for the first thing wrong, named by its path
 */
export function readPlan(value: unknown, now: number): ReadPlan {
  const input = new InputReader(value, 'a campaign');
  const name = input.text('name', { max: campaignBounds.name });
  const content = readContent(input.take('content'), input.pathOf('content'));
  const { target, filter, list } = readTarget(input.take('target'), input.pathOf('target'));
  const startAt = readStart(input, now);
  const canary = readCanary(input.take('canary'), input.pathOf('canary'));
  const rules = readRules(input, Math.max(now, startAt ?? now), now);
  input.end();
  const plan: CampaignPlan = {
    name,
    content,
    target,
    ...(startAt !== undefined && { startAt }),
    ...(canary !== undefined && { canary }),
    ...rules,
  };
  requireJudge(plan, input);
  return { plan, ...(filter !== undefined && { filter }), ...(list !== undefined && { list }) };
}

function readContent(value: unknown, path: string): CampaignContent {
  if (value === undefined) throw new ValueError('MISSING', 'must be given', path);
  const fields = new InputReader(value, 'a content', path);
  const kind = fields.optionalChoice('kind', campaignKinds);
  const body = fields.take('body') ?? {};
  fields.end();
  if (kind === undefined)
    throw new ValueError('MISSING', `must be one of ${campaignKinds.join(', ')}`, `${path}.kind`);
  const of = new InputReader(body, 'a body', `${path}.body`);
  for (const name of ownFields) refuse(of, name, 'is set by the campaign: leave it out');
  if (kind === 'wake') refuse(of, 'job', 'is for campaigns of kind job');
  return { kind, body: { ...(body as Readonly<Record<string, unknown>>) } };
}

function refuse(input: InputReader, name: string, detail: string): void {
  if (input.take(name) !== undefined) throw new ValueError('UNKNOWN_FIELD', detail, input.pathOf(name));
}

function readTarget(
  value: unknown,
  path: string,
): { readonly target: CampaignTarget; readonly filter?: Filter; readonly list?: readonly string[] } {
  if (value === undefined) throw new ValueError('MISSING', 'must be given', path);
  const fields = new InputReader(value, 'a target', path);
  const text = fields.optionalText('filter', { max: 16_384, content: 'free' });
  const mode = fields.optionalChoice('mode', ['fixed', 'live']);
  const devices = fields.take('devices');
  fields.end();
  if ((text === undefined) === (devices === undefined)) {
    throw new ValueError('MISSING', 'say either filter or devices', path);
  }
  if (text !== undefined) {
    const filter = parsed(text, `${path}.filter`);
    return { target: { by: 'filter', filter: text, mode: mode ?? 'fixed' }, filter };
  }
  if (mode !== undefined) throw new ValueError('UNKNOWN_FIELD', 'is for a filter', `${path}.mode`);
  return { target: { by: 'list' }, list: readList(devices, `${path}.devices`) };
}

function parsed(text: string, path: string): Filter {
  try {
    return deviceFilter(text);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ValueError(error.code, error.detail, path, error.spec, { cause: error });
  }
}

function readList(value: unknown, path: string): readonly string[] {
  if (!Array.isArray(value)) throw new ValueError('WRONG_TYPE', 'must be a list of ids', path);
  if (value.length === 0) throw new ValueError('OUT_OF_RANGE', 'must name one device at least', path);
  if (value.length > campaignBounds.list) {
    throw new ValueError(
      'TOO_LONG',
      `${value.length} ids, at most ${campaignBounds.list} fit: use a filter`,
      path,
    );
  }
  const ids = new Set<string>();
  for (const [index, id] of value.entries()) {
    if (typeof id !== 'string' || id === '' || id.length > 255) {
      throw new ValueError('WRONG_TYPE', 'must be the id of a device', `${path}[${index}]`);
    }
    ids.add(id);
  }
  return [...ids];
}

function readStart(input: InputReader, now: number): number | undefined {
  const startAt = input.optionalTime('startAt');
  if (startAt !== undefined && startAt > now + campaignBounds.lifeMs) {
    throw new ValueError('OUT_OF_RANGE', 'may be 366 days ahead at most', input.pathOf('startAt'));
  }
  return startAt;
}

function readCanary(value: unknown, path: string): CampaignCanary | undefined {
  if (value === undefined) return undefined;
  const fields = new InputReader(value, 'a canary', path);
  const devices = fields.optionalInteger('devices', 1, campaignBounds.devices);
  const percent = fields.optionalNumber('percent', 0, 100);
  const waitSeconds = fields.optionalInteger('waitSeconds', 1, campaignBounds.waitSeconds);
  fields.end();
  if ((devices === undefined) === (percent === undefined)) {
    throw new ValueError('MISSING', 'say either devices or percent', path);
  }
  if (waitSeconds === undefined) {
    throw new ValueError('MISSING', 'say how long its outcomes are waited for', `${path}.waitSeconds`);
  }
  const waitMs = waitSeconds * 1000;
  return devices === undefined ? { percent: percent ?? 0, waitMs } : { devices, waitMs };
}
