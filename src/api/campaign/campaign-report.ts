// Routes of what became of the devices of a campaign: in pages, and whole, as lines of JSON or as CSV.
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { CampaignService } from '../../server/index.ts';
import { type CampaignDeviceState, campaignDeviceStates } from '../../store/index.ts';
import { cellOf, csvRecord } from '../bulk/csv-cells.ts';
import { LineAnswers, type Texts } from '../bulk/line-answers.ts';
import type { ApiBackend, App } from '../host/app.ts';
import { ndjson } from '../request/batch-request.ts';
import { readStates, statesQuery } from '../request/list-query.ts';
import { pageRequest } from '../request/page-request.ts';
import type { FailureLog } from '../request/refuse.ts';
import { PageQuery, readRefusals } from '../shapes/basic-shapes.ts';
import { CampaignDevicePage, ReportLineShape } from './campaign-shapes.ts';
import { campaignDeviceView } from './campaign-views.ts';
import { visibleCampaign } from './visible-campaign.ts';

/** What a report tells its troubles. */
export interface ReportContext {
  readonly failures: Pick<FailureLog, 'note'>;
}

const csv = 'text/csv';
const params = Type.Object({ id: Type.String({ description: 'Id of the campaign' }) });
/** Devices that are read together. */
const pageSize = 1000;

const DevicesQuery = {
  state: Type.Optional(statesQuery(campaignDeviceStates)),
  reason: Type.Optional(Type.String({ maxLength: 64, description: 'For this reason, as one word' })),
};

/** Which devices of a campaign are meant. */
interface Selected {
  readonly states?: readonly CampaignDeviceState[];
  readonly reason?: string;
}

export function campaignReport(app: App, { campaigns }: ApiBackend, context: ReportContext): void {
  const answers = new LineAnswers(app);
  app.route({
    method: 'GET',
    url: '/v1/campaigns/:id/devices',
    config: { scope: 'read' },
    schema: {
      tags: ['campaigns'],
      operationId: 'listCampaignDevices',
      summary: 'List the devices of a campaign in the order in which they were found',
      params,
      querystring: Type.Object(
        {
          ...PageQuery,
          ...DevicesQuery,
          device: Type.Optional(Type.String({ description: 'This one alone: its id' })),
        },
        { additionalProperties: false },
      ),
      response: { 200: CampaignDevicePage, ...readRefusals },
    },
    handler: async (request) => {
      const { id } = request.params;
      await visibleCampaign(request, campaigns, id);
      const { device } = request.query;
      const { limit, after } = pageRequest(request.query, 'number');
      const found = await campaigns.devices(id, {
        limit: limit + 1,
        ...selectedBy(request.query),
        ...(after !== undefined && { afterOrdinal: Number(after) }),
        ...(device !== undefined && { deviceId: device }),
      });
      const items = (found ?? []).slice(0, limit).map(campaignDeviceView);
      const last = items.at(-1)?.ordinal;
      return {
        items,
        ...((found?.length ?? 0) > limit && last !== undefined && { next: String(last) }),
      };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/campaigns/:id/report',
    // Its head says nothing of what comes, and would have all of it made.
    exposeHeadRoute: false,
    config: { scope: 'read' },
    schema: {
      tags: ['campaigns'],
      operationId: 'reportCampaign',
      summary: 'Read what became of each device of a campaign, as lines of JSON or as CSV',
      params,
      querystring: Type.Object(
        {
          ...DevicesQuery,
          format: Type.Optional(
            Type.Enum(['ndjson', 'csv'], { description: 'Default: what `Accept` asks for, else `ndjson`' }),
          ),
        },
        { additionalProperties: false },
      ),
      response: {
        200: {
          description: 'A device a line',
          content: { [ndjson]: { schema: ReportLineShape }, [csv]: { schema: { type: 'string' } } },
        },
        ...readRefusals,
      },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      await visibleCampaign(request, campaigns, id);
      const selected = selectedBy(request.query);
      const asCsv = wantsCsv(request, request.query.format);
      const texts = asCsv ? csvOf(campaigns, id, selected) : jsonOf(campaigns, id, selected);
      return answers.send(reply, asCsv ? csv : ndjson, texts, (error) =>
        context.failures.note(request, error),
      );
    },
  });
}

function selectedBy({
  state,
  reason,
}: {
  readonly state?: string | undefined;
  readonly reason?: string | undefined;
}): Selected {
  const states = readStates(state, campaignDeviceStates);
  return { ...(states !== undefined && { states }), ...(reason !== undefined && { reason }) };
}

/** A format that is named counts; else CSV is for who names it before lines of JSON. */
function wantsCsv({ headers }: FastifyRequest, format: 'ndjson' | 'csv' | undefined): boolean {
  if (format !== undefined) return format === 'csv';
  const accepted = (headers.accept ?? '').toLowerCase();
  const at = accepted.indexOf(csv);
  const lines = accepted.indexOf(ndjson);
  return at >= 0 && (lines < 0 || at < lines);
}

/** Devices in pages, as they are shown. */
async function* pagesOf(campaigns: Pick<CampaignService, 'devices'>, id: string, selected: Selected) {
  for (let afterOrdinal = -1; ; ) {
    const found = (await campaigns.devices(id, { ...selected, limit: pageSize, afterOrdinal })) ?? [];
    const last = found.at(-1);
    if (last === undefined) return;
    yield found.map(campaignDeviceView);
    if (found.length < pageSize) return;
    afterOrdinal = last.ordinal;
  }
}

async function* jsonOf(campaigns: Pick<CampaignService, 'devices'>, id: string, selected: Selected): Texts {
  const counts = new Map<string, { state: CampaignDeviceState; reason?: string; devices: number }>();
  let devices = 0;
  for await (const page of pagesOf(campaigns, id, selected)) {
    for (const { state, reason } of page) {
      const name = `${state} ${reason ?? ''}`;
      const of = counts.get(name) ?? { state, ...(reason !== undefined && { reason }), devices: 0 };
      of.devices += 1;
      counts.set(name, of);
    }
    devices += page.length;
    yield page.map((device) => `${JSON.stringify(device)}\n`).join('');
  }
  const found = [...counts.entries()].sort(([one], [other]) => (one < other ? -1 : 1));
  yield `${JSON.stringify({ summary: { devices, counts: found.map(([, of]) => of) } })}\n`;
}

const columns = [
  'device',
  'ordinal',
  'step',
  'state',
  'reason',
  'detail',
  'carrier',
  'notBefore',
  'tries',
  'push',
  'job',
  'shared',
  'beganAt',
  'endedAt',
] as const satisfies readonly (keyof ReturnType<typeof campaignDeviceView>)[];

async function* csvOf(campaigns: Pick<CampaignService, 'devices'>, id: string, selected: Selected): Texts {
  yield csvRecord([...columns]);
  for await (const page of pagesOf(campaigns, id, selected)) {
    yield page.map((device) => csvRecord(columns.map((name) => cellOf(device[name])))).join('');
  }
}
