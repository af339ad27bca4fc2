import { isAddress } from '../derive/path/literals.ts'

/** What is wrong with a port that is a number; a label is none of its business. */
export const wrongNumber = (port: string): string | undefined =>
  /^[-+]?\d+$/.test(port) && !(/^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)
    ? 'ports are numbers from 1 to 65535'
    : undefined

/** The same for an address, and the port behind it: `c1:80`, `:80`, `10.0.0.1`, `[fd00::1]:80`. */
export function wrongPlace(place: string): string | undefined {
  const text = place.trim()
  if (isAddress(text)) return undefined
  const [, six, host = '', port] = /^(?:\[([^\]]*)\]|([^:]*))(?::([-+]?\d+))?$/.exec(text) ?? []
  if (six !== undefined && !isAddress(six)) return `${six} is no IPv6 address`
  if (/^\d+(\.\d+)+$/.test(host) && !isAddress(host)) return `${host} is no address: four numbers from 0 to 255`
  return port === undefined ? undefined : wrongNumber(port)
}
