// What the description says of the API as a whole: where it is, what its parts are for, how one proves who one is.

/** Beside the document, wherever a proxy has put that. */
export const servers = [{ url: '.', description: 'The server that gave out this document' }];

/** What each group of routes is for. */
export const tags = [
  {
    name: 'accounts',
    description: 'Server identities that devices know: a ServerID and the address of its DM endpoint.',
  },
  {
    name: 'devices',
    description: 'Devices with their addresses, credentials and labels; alone and by the hundred thousand.',
  },
  { name: 'notifications', description: 'Package #0 pushes that wake a device, and what became of each.' },
  {
    name: 'messages',
    description: 'Pushed DM messages and bootstraps that need no session, and those relayed for others.',
  },
  {
    name: 'pushes',
    description: 'Notifications and messages under one path, and what is held after a restore.',
  },
  {
    name: 'jobs',
    description: 'Commands that a device carries out in its next session, and what it said to each.',
  },
  { name: 'webhooks', description: 'Events told over HTTP, to whom, and what could not be told.' },
  {
    name: 'campaigns',
    description:
      'Many devices woken, or given jobs or messages, by rules: when, how fast, until when, and when to stop.',
  },
  { name: 'events', description: 'What happens to pushes, jobs, campaigns and links, as it happens.' },
  { name: 'tokens', description: 'Who may use the API, and what for.' },
  { name: 'audit', description: 'Who did what.' },
  { name: 'status', description: 'How the server stands, its metrics, and copies of its store.' },
  {
    name: 'carriers',
    description: 'What pushes leave by: how each carrier stands, and which get no pushes for the time being.',
  },
  { name: 'log', description: 'How much the log of the server says.' },
  {
    name: 'health',
    description: 'For whoever distributes requests: whether the server lives, and whether it can work.',
  },
];

/** How one proves who one is. */
export const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description:
      'A token as `Authorization: Bearer TOKEN` (RFC 6750). The names beside it are the scope that the route asks for ' +
      '(docs/access.md). A server without any token, on the loopback, asks for none.',
  },
};
