// A Client Provisioning document as data (OMA-WAP-ProvCont-1.1): characteristics with parameters, inside one another.

/** One `parm`. */
export interface Parm {
  readonly name: string;
  /** Absent for a parameter that only has to be there, such as INIT. */
  readonly value?: string;
}

/** One `characteristic`. */
export interface Characteristic {
  /** Such as `APPLICATION`, `PXLOGICAL`, `NAPDEF`. */
  readonly type: string;
  readonly parms: readonly Parm[];
  readonly characteristics: readonly Characteristic[];
}

/** A `wap-provisioningdoc`. */
export interface ProvisioningDocument {
  /** `1.0` where the document says. */
  readonly version?: string;
  readonly characteristics: readonly Characteristic[];
}

/** Short name of the specification in errors. */
export const provisioningDoc = 'OMA-WAP-ProvCont-1.1';

/** Media types of Client Provisioning; WSP codes 0x36 and 0x35. */
export const provisioningMediaTypes = {
  wbxml: 'application/vnd.wap.connectivity-wbxml',
  xml: 'text/vnd.wap.connectivity-xml',
} as const;
