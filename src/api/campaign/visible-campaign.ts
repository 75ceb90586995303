// Which campaigns a caller may see, and which version of one he means.
import type { FastifyRequest } from 'fastify';
import { StoreError, ValueError } from '../../core/index.ts';
import type { CampaignService } from '../../server/index.ts';
import { type CampaignRecord, isVisible } from '../../store/index.ts';
import { entityTag, versionsOf } from '../request/entity-tags.ts';
import { notFound } from '../request/problem.ts';

/**
 * Passes a campaign through that the caller may see: one of which all accounts are his.
 * @throws {ApiError} 404 where there is none, and where some of it is of an account that the caller may not see
 */
export async function visibleCampaign(
  request: FastifyRequest,
  campaigns: Pick<CampaignService, 'get'>,
  id: string,
): Promise<CampaignRecord> {
  const campaign = await campaigns.get(id);
  if (campaign === undefined) throw notFound(`campaign ${id}`);
  const { accounts } = campaign;
  if (accounts?.length === 1 && accounts[0] !== undefined) request.audited.account = accounts[0];
  const seen = request.caller.accounts;
  if (seen === 'all' || accounts?.every((serverId) => isVisible(seen, serverId)) === true) return campaign;
  request.audited.isHidden = true;
  // It names what there is, so that nobody fills the log with it.
  request.audited.id = id;
  throw notFound(`campaign ${id}`);
}

/** The tag of a campaign as it is. */
export function campaignTag({ createdAt, version }: CampaignRecord): string {
  return entityTag({ createdAt, revision: version });
}

/**
 * The version that an If-Match header allows, as `CampaignService` takes it; `undefined` without one.
 * @throws {StoreError} VERSION_MISMATCH where it allows none
 */
export function allowedVersion(
  { createdAt, version, id }: CampaignRecord,
  header: string | undefined,
): number | undefined {
  const expected = versionsOf(header);
  if (expected === undefined) return undefined;
  if (expected.some((each) => each.createdAt === createdAt && each.revision === version)) return version;
  throw new StoreError(
    'VERSION_MISMATCH',
    `campaign ${id} was changed since it was read: read it again, and decide anew`,
  );
}

/** The same, where it has to be named. @throws {ValueError} MISSING */
export function namedVersion(campaign: CampaignRecord, header: string | undefined): number {
  const version = allowedVersion(campaign, header);
  if (version !== undefined) return version;
  throw new ValueError('MISSING', 'say by its ETag which version you have seen', 'If-Match');
}
