import type { Stopped } from '../../knowledge/shapes/crossing.ts'
import type { RuleStop, ZoneStop } from '../../knowledge/shapes/walk.ts'
import { isNamedBy } from '../../knowledge/naming.ts'

/** What is known of the rules that stop a connection on the clients. */
export interface Stops {
  readonly 'path.forward'?: Stopped | null
  readonly 'path.inbound.input'?: Stopped | null
  readonly 'path.firewalld'?: ZoneStop | null
}

/** A fault of its own says of this very rule that it stops the connection. */
export function isNamed(stop: RuleStop, known: Stops): boolean {
  const { 'path.forward': forward, 'path.inbound.input': input, 'path.firewalld': zone } = known
  if (stop.hook === 'input') return isAt(stop, input) && isNamedBy('path.inbound.input', input)
  if (stop.hook !== 'forward') return false
  const own = zone && zone.place === stop.place && zone.chain === stop.chain && zone.rule === stop.text
  return own || (isAt(stop, forward) && isNamedBy('path.forward', forward))
}

const isAt = ({ place, table, chain, text }: RuleStop, at: Stopped | null | undefined): at is Stopped =>
  place === `client ${at?.way.node}` && table === at?.stop.table && chain === at.stop.chain && text === at.stop.rule
