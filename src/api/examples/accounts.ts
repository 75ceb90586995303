// Notes on the routes of accounts.
import { example, type Notes } from './notes.ts';
import { earlier, now, serverId } from './samples.ts';

const account = {
  serverId,
  url: 'https://dm.example.com/dm',
  name: 'Example Telecom',
  createdAt: earlier,
  updatedAt: earlier,
};
const changed = { ...account, name: 'Example Mobile', updatedAt: now };

export const accountNotes: Notes = {
  createAccount: {
    codes: { 409: ['ALREADY_EXISTS'] },
    request: example('An account with a name', {
      serverId,
      url: 'https://dm.example.com/dm',
      name: 'Example Telecom',
    }),
    answers: { 201: example('The account', account) },
    headers: { 201: ['ETag', 'Location'] },
  },
  listAccounts: { answers: { 200: example('All accounts', { items: [account] }) } },
  getAccount: { answers: { 200: example('The account', account) }, headers: { 200: ['ETag'] } },
  updateAccount: {
    description: 'What is not given stays as it is; `null` removes what may be removed.',
    request: example('Another name', { name: 'Example Mobile' }),
    answers: { 200: example('The account as it is now', changed) },
    headers: { 200: ['ETag'] },
  },
  deleteAccount: { codes: { 409: ['IN_USE'] } },
};
