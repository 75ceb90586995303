// The carriers of bindings, by the names that people see.
import type { Binding, DeviceAddress } from '../../push/index.ts';

type AnyBinding = Pick<Binding<DeviceAddress>, 'name' | 'carriers' | 'status'>;

/**
 * Names of the carriers of a binding: what pushes wait for, and what stands behind that, such as each road of a list; without
 * carriers of pushes in doubt.
 */
export function shownCarriers({ name, carriers, status }: AnyBinding): readonly string[] {
  const { names = [name], held = [] } = carriers ?? {};
  const told = status?.().map((one) => one.name) ?? [];
  return [...new Set([...names.filter((one) => !held.includes(one)), ...told])];
}
