import type { Family } from '../ipaddr.ts'
import { deviceKey, numberSetting } from '../sysctl.ts'
import type { Space } from './world.ts'

/** A setting; null: this kernel does not have it; undefined: the settings were not read. */
export function setting({ index }: Space, key: string): number | null | undefined {
  const { sysctls } = index.state
  return sysctls && (numberSetting(sysctls, key) ?? null)
}

const key = (family: Family, device: string, name: string): string => deviceKey(family, device, name)

/** A setting of one device alone. */
export const ofDevice = (space: Space, family: Family, device: string, name: string): number | null | undefined =>
  setting(space, key(family, device, name))

/** The kernel takes the larger of `all` and the device's own. */
export const larger = (space: Space, family: Family, device: string, name: string): number | undefined =>
  combined(space, family, device, name, Math.max)

function combined(
  space: Space,
  family: Family,
  device: string,
  name: string,
  join: (a: number, b: number) => number,
): number | undefined {
  const [all, own] = [ofDevice(space, family, 'all', name), ofDevice(space, family, device, name)]
  if (all === undefined || own === undefined || (all === null && own === null)) return undefined
  return join(all ?? 0, own ?? 0)
}

/** Bridged frames of this family go through the IP hooks: the module is loaded, and it or the bridge says so. */
export function bridgesToHooks(space: Space, family: Family, bridge: string): boolean | undefined {
  const own = space.index.links.get(bridge)?.bridge
  if ((family === 4 ? own?.nfCallIptables : own?.nfCallIp6tables) === true) return true
  const value = setting(
    space,
    family === 4 ? 'net.bridge.bridge-nf-call-iptables' : 'net.bridge.bridge-nf-call-ip6tables',
  )
  // Without the module there is no such setting at all.
  return value === undefined ? undefined : value === 1
}
