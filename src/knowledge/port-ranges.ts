const mostPorts = 65_536

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
