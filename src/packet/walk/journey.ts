import { carry, send } from './carry.ts'
import type { Packet } from './packet.ts'
import { receive } from './receive.ts'
import type { Ended, Stage } from './stage.ts'
import type { World } from './world.ts'

/** More namespaces and bridges than any real way has. */
const most = 300

/** Moves a packet until its end. */
export function travel(world: World, packet: Packet, from: Stage): Ended {
  let stage = from
  for (let i = 0; i < most; i += 1) {
    switch (stage.go) {
      case 'end':
        return stage.verdict
      case 'receive': {
        const { space, dev, early = false, arrived } = stage
        stage = receive({ world, space, packet, at: 'link', iif: dev, oif: '' }, early, arrived)
        break
      }
      case 'send':
        stage = send(world, stage.space, packet, stage.way)
        break
      case 'carry':
        stage = carry(world, packet, stage.legs)
        break
    }
  }
  return { kind: 'looped', by: world.hops.at(-1) ?? { namespace: '', at: 'link', by: 'kernel' } }
}
