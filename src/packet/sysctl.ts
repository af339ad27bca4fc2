import { parsed, unreadable } from './parsed.ts'
import type { Parsed } from './parsed.ts'

/**
 * Kernel settings by key as sysctl prints it: `net.ipv4.conf.eth0/100.rp_filter` for the device `eth0.100`. Without a
 * prototype it is a dictionary from the start, which a thousand keys make worth while.
 */
export type Sysctls = Readonly<Record<string, string>>

/** Reads `sysctl -a [-r …]` and `sysctl <key>…`: lines `key = value`. A value may be empty. */
export function parseSysctls(text: string): Parsed<Sysctls> {
  const found = Object.create(null) as Record<string, string>
  let number = 0
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf('\n', start)
    if (end === -1) end = text.length
    number++
    const at = text.indexOf(' ', start)
    const key = at > start && at < end && text.indexOf('=', start) === at + 1 ? text.slice(start, at) : '\t'
    if (key.includes('\t')) {
      // Refusals of single keys go to stderr; some builds print them here.
      const line = text.slice(start, end)
      if (line !== '' && line !== '\r' && !line.startsWith('sysctl: '))
        return unreadable('not a line `key = value`', number)
    } else found[key] = text.slice(at + 2, end).trim()
  }
  return parsed(found)
}

/** The key of a setting of one device, `all` or `default`: sysctl prints `/` for a dot in a name. */
export const deviceKey = (family: 4 | 6, device: string, setting: string): string =>
  `net.ipv${family}.conf.${device.replaceAll('.', '/')}.${setting}`

/** A setting of one device, or undefined when it was not printed. */
export const deviceSetting = (sysctls: Sysctls, family: 4 | 6, device: string, setting: string): string | undefined =>
  sysctls[deviceKey(family, device, setting)]

/** A setting that is one number, or undefined when it was not printed or is none. */
export function numberSetting(sysctls: Sysctls, key: string): number | undefined {
  const value = sysctls[key]
  return value !== undefined && /^-?\d+$/.test(value) ? Number(value) : undefined
}
