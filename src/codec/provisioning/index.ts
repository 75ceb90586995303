// Client Provisioning: wap-provisioningdoc in WBXML and XML, and what it says of DM accounts and connectivity.
export * from './connectivity.ts';
export * from './dm-application.ts';
export {
  type Characteristic,
  type Parm,
  type ProvisioningDocument,
  provisioningMediaTypes,
} from './document.ts';
export { parseProvisioning } from './parse.ts';
export * from './transport.ts';
