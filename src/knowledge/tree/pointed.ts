/** What was measured points to ladders: the faults of these are looked at first. */
import type { FaultId } from '../faults/index.ts'
import type { Meets, Sign, UnknownFinding } from '../report.ts'
import { bridgeLadder } from './bridge.ts'
import { consulLadder, namesLadder, nativeLadder } from './discovery.ts'
import { betweenClientsLadder } from './groups.ts'
import { placementLadder } from './placement.ts'
import { portsLadder } from './ports.ts'
import { startsLadder } from './starts.ts'

const ladders: Readonly<Record<Meets, readonly FaultId[]>> = {
  refused: [...portsLadder, ...bridgeLadder],
  silence: [...bridgeLadder, ...betweenClientsLadder, ...portsLadder],
  'no-name': [...namesLadder, ...nativeLadder, ...consulLadder],
  'not-placed': placementLadder,
  'not-up': [...placementLadder, ...startsLadder],
  other: [],
}

/** The same, first what the strongest sign points to, then the next; otherwise in its own order. */
export function byPointing(unknown: readonly UnknownFinding[], signs: readonly Sign[]): readonly UnknownFinding[] {
  const pointed = new Set<string>([...new Set(signs.map(({ meets }) => meets))].flatMap((meets) => ladders[meets]))
  const places = new Map([...pointed].map((id, place) => [id, place]))
  const place = ({ id }: UnknownFinding): number => places.get(id) ?? places.size
  return unknown.toSorted((a, b) => place(a) - place(b))
}
