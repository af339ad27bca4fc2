/** What is wrong with a port that is a number; a label is none of its business. */
export const wrongNumber = (port: string): string | undefined =>
  /^[-+]?\d+$/.test(port) && !(/^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)
    ? 'ports are numbers from 1 to 65535'
    : undefined

/** The same for the port behind an address: `c1:80`, `:80`, `[fd00::1]:80`. */
export function wrongPlace(place: string): string | undefined {
  const [, port] = /^(?:\[[^\]]*\]|[^:]*):([-+]?\d+)$/.exec(place.trim()) ?? []
  return port === undefined ? undefined : wrongNumber(port)
}
