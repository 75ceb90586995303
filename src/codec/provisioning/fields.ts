// Reading the parameters of a characteristic by name.
import type { Characteristic, Parm, ProvisioningDocument } from './document.ts';
import { badProvisioning } from './parse.ts';

/** Value of the first parameter of that name; empty when it has none, `undefined` when there is no such parameter. */
export function parmOf({ parms }: Characteristic, name: string): string | undefined {
  const parm = parms.find((one) => one.name === name);
  return parm === undefined ? undefined : (parm.value ?? '');
}

/** Values of all parameters of that name that have one. */
export function parmsOf({ parms }: Characteristic, name: string): readonly string[] {
  return parms.flatMap((one) => (one.name === name && one.value !== undefined ? [one.value] : []));
}

/** Whether there is such a parameter, with or without value. */
export function hasParm({ parms }: Characteristic, name: string): boolean {
  return parms.some((one) => one.name === name);
}

/** The characteristics of that type directly inside. */
export function characteristicsOf(
  parent: Characteristic | ProvisioningDocument,
  type: string,
): readonly Characteristic[] {
  return parent.characteristics.filter((one) => one.type === type);
}

/** The value of a parameter that must be there and not be empty. @throws {DecodeError} BAD_VALUE */
export function requiredParm(of: Characteristic, name: string, path: string): string {
  const value = parmOf(of, name);
  if (value === undefined || value === '') throw badProvisioning(`${path}.${name}`, 'is missing');
  return value;
}

/** PORTNBR of each PORT inside: 0–65535. @throws {DecodeError} BAD_VALUE */
export function portNumbersOf(of: Characteristic, path: string): readonly number[] {
  return characteristicsOf(of, 'PORT').map((port, index) => portNumber(port, `${path}.PORT[${index}]`));
}

/** PORTNBR of one PORT. @throws {DecodeError} BAD_VALUE */
export function portNumber(port: Characteristic, path: string): number {
  const text = requiredParm(port, 'PORTNBR', path).trim();
  if (/^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw badProvisioning(`${path}.PORTNBR`, `${JSON.stringify(text.slice(0, 20))} is not a port number`);
}

/** Parameters for those of the values that are given. */
export function parmList(values: readonly (readonly [string, string | undefined])[]): readonly Parm[] {
  return values.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}
