import { parsed, unreadable } from './parsed.ts'
import type { Parsed } from './parsed.ts'

/** Kernel settings by key as sysctl prints it: `net.ipv4.conf.eth0/100.rp_filter` for the device `eth0.100`. */
export type Sysctls = ReadonlyMap<string, string>

/** Reads `sysctl -a [-r …]` and `sysctl <key>…`: lines `key = value`. A value may be empty. */
export function parseSysctls(text: string): Parsed<Sysctls> {
  const found = new Map<string, string>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    // Refusals of single keys go to stderr; some builds print them here.
    if (line === '' || line.startsWith('sysctl: ')) continue
    const at = line.indexOf(' =')
    const key = line.slice(0, at)
    if (at < 1 || /[\s=]/.test(key)) return unreadable('not a line `key = value`', index + 1)
    found.set(key, line.slice(at + 2).trim())
  }
  return parsed(found)
}

/** The key of a setting of one device, `all` or `default`: sysctl prints `/` for a dot in a name. */
export const deviceKey = (family: 4 | 6, device: string, setting: string): string =>
  `net.ipv${family}.conf.${device.replaceAll('.', '/')}.${setting}`

/** A setting of one device, or undefined when it was not printed. */
export const deviceSetting = (sysctls: Sysctls, family: 4 | 6, device: string, setting: string): string | undefined =>
  sysctls.get(deviceKey(family, device, setting))

/** A setting that is one number, or undefined when it was not printed or is none. */
export function numberSetting(sysctls: Sysctls, key: string): number | undefined {
  const value = sysctls.get(key)
  return value !== undefined && /^-?\d+$/.test(value) ? Number(value) : undefined
}
