import type { Resolver } from '../../knowledge/shapes/discovery.ts'

/** /etc/resolv.conf as the resolver reads it: the first three name servers count, the last search line wins. */
export function parseResolver(text: string): Resolver {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/))
  const searches = lines.findLast(([word]) => word === 'search' || word === 'domain')?.slice(1) ?? []
  return {
    servers: lines
      .flatMap(([word, server]) => (word === 'nameserver' && server !== undefined ? [server] : []))
      .slice(0, 3),
    searches,
  }
}
