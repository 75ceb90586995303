// Notes on the routes of many devices at once.
import { newDevice } from './devices.ts';
import { type Examples, example, type Notes } from './notes.ts';
import { device as id, serverId } from './samples.ts';

const csvHeader = [
  'id,serverId,addresses,format,serverCredentials.secret',
  'clientCredentials.name,clientCredentials.secret,labels.region',
].join(',');
const csvRow = `${id},${serverId},wap:192.0.2.7:2948 sms:+491701234567,dm1.2,server secret,e1,client secret,north`;

const summary = (counts: object): object => ({ summary: { ...counts, dryRun: false, complete: true } });
const lines = (counts: object, rejected: object): Examples => ({
  refusal: { summary: 'Something was refused, and the rest goes on', value: rejected },
  progress: { summary: 'A set is on disk', value: { progress: { ...counts, perSecond: 21_400 } } },
  summary: { summary: 'The last line', value: summary(counts) },
});
const inUse = {
  id,
  status: 409,
  title: 'Conflict',
  code: 'IN_USE',
  detail: 'a notification of it is not over',
};

export const deviceBulkNotes: Notes = {
  importDevices: {
    description:
      'The body has a device a line, as NDJSON or CSV, as long as it likes. Sets of 1,000 are on disk before they are told. ' +
      'Sent again after it broke off, it comes to the same result. Answers come while the body is being sent: read them, or ' +
      'neither goes on.',
    request: {
      ndjson: { summary: 'A line of NDJSON', value: newDevice },
      csv: {
        summary: 'Columns are the paths of fields; lists have spaces',
        value: `${csvHeader}\n${csvRow}\n`,
        type: 'text/csv',
      },
    },
    answers: {
      200: lines(
        { lines: 1000, created: 999, rejected: 1 },
        {
          line: 17,
          id: 'IMEI:1',
          status: 400,
          title: 'Bad Request',
          code: 'MISSING',
          detail: 'must be given, unless tlsCertificate is',
          path: 'clientCredentials',
        },
      ),
    },
  },
  exportDevices: {
    description:
      'One after the other, however many there are. An answer that breaks off is not complete: its connection is cut.',
    answers: {
      200: {
        ndjson: { summary: 'A line of NDJSON, with `secrets=true`', value: newDevice },
        csv: { summary: 'The same as CSV', value: `${csvHeader}\n${csvRow}\n`, type: 'text/csv' },
      },
    },
  },
  deleteDevices: {
    request: {
      filter: {
        summary: 'Those of a filter, tried first',
        value: { filter: 'labels.region = "north"', dryRun: true },
      },
      ids: { summary: 'These', value: { ids: [id, 'IMEI:493005100592818'] } },
    },
    answers: { 200: lines({ devices: 2, removed: 1, rejected: 1 }, inUse) },
  },
  updateDevices: {
    request: example('Suspend all of an account', { serverId, change: { suspended: true } }),
    answers: {
      200: lines(
        { devices: 2, changed: 1, rejected: 1 },
        {
          id,
          status: 422,
          title: 'Unprocessable Entity',
          code: 'CONFIG',
          detail: 'no address of it will do',
        },
      ),
    },
  },
};
