import { set, type Edit } from './edit.ts'
import type { PortSpec } from './shapes/job.ts'

const mostPorts = 65_536

/** From which clients give dynamic ports, unless min_dynamic_port and max_dynamic_port say otherwise. */
export const usualDynamic = { min: 20_000, max: 32_000 } as const
export const isUsuallyDynamic = (port: number): boolean => usualDynamic.min <= port && port <= usualDynamic.max

/** `static = 8080 in port "http"`; another number where clients give that one to anybody. */
export const staticPort = (wanted: number | undefined, where: string): string =>
  wanted !== undefined && isUsuallyDynamic(wanted)
    ? `static in ${where} to a number outside ${usualDynamic.min}-${usualDynamic.max}, from which clients give dynamic ports, and use that one`
    : `static = ${wanted ?? '<port>'} in ${where}`
/** The same as an edit: the number inside becomes the one on the client, where it may. */
export const staticAsInside = (port: PortSpec | undefined): readonly Edit[] | undefined =>
  port?.to === undefined || isUsuallyDynamic(port.to) ? undefined : [set(port, 'static', port.to)]
export const noStaticNumber = 'the number is not in the job, or lies in the dynamic ports'

/** What Nomad has against a list of ports like `22,80,8500-8600`; undefined when it reads it. Source: nomad/structs/funcs.go, `ParsePortRanges` */
export function wrongPorts(list: string): string | undefined {
  if (list === '') return undefined
  for (const part of list.split(',').map((one) => one.trim())) {
    const ends = part.split('-')
    if (part === '') return 'a number is missing between two commas'
    if (ends.length > 2) return `${part} is neither a port nor a range`
    if (ends.some((end) => !/^\d+$/.test(end))) return `${part} is no number`
    const [from = 0, to = from] = ends.map(Number)
    if (from === 0) return 'port 0 cannot be reserved'
    if (to >= mostPorts) return `${to} is above 65535`
    if (to < from) return `${part} ends before it begins`
  }
  return undefined
}
