// What the REST API takes and gives of campaigns, as commands use it.
import type { ApiClient, DataOf, Init } from '../../client/index.ts';

/** Body of a request. */
export type BodyOf<Path extends '/v1/campaigns' | '/v1/campaigns/preview'> =
  Init<'post', Path> extends { readonly body: infer Body } ? Body : never;

/** A campaign with how it goes on. */
export type Campaign = DataOf<'get', '/v1/campaigns/{id}'>;

/** A campaign as lists have it. */
export type CampaignSummary = DataOf<'get', '/v1/campaigns'>['items'][number];

/** A campaign and the ETag of its version. */
export async function readCampaign(
  api: ApiClient,
  id: string,
): Promise<{ readonly campaign: Campaign; readonly etag: string | undefined }> {
  const { data, response } = await api.request('get', '/v1/campaigns/{id}', { params: { path: { id } } });
  return { campaign: data, etag: response.headers.get('etag') ?? undefined };
}
