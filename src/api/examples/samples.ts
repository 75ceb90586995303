// Values that examples share, so that they tell one story: a device, what wakes it, and who asked.

export const serverId = 'com.example.dm';
export const device = 'IMEI:493005100592800';
export const notificationId = '01995ddc-93f0-7b86-8a3f-0c59cd34eee2';
export const messageId = '01995ddd-0a11-70c4-9d52-5a1f7d9b6c03';
export const jobId = '01995ddd-51f0-7c9e-b0fb-3b5f2c8f9a17';
export const campaignId = '01995dde-2a40-7b1c-8f00-6c7d8e9fa0b1';
export const tokenId = 'k3v9q2m7x1c8b5n4';
export const earlier = '2026-12-01T09:00:00.000Z';
export const now = '2026-12-01T09:30:00.000Z';
export const soon = '2026-12-01T09:30:04.250Z';
export const later = '2026-12-01T09:40:00.000Z';
/** What is given as `after`. */
export const nextPage = 'IMEI:493005100592800';
