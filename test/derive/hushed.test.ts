import { expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { hushedDerivation } from '../../src/derive/walk/hushed.ts'
import { value } from '../../src/knowledge/held.ts'
import type { PathNetwork } from '../../src/knowledge/shapes/walk.ts'
import { change } from '../../src/packet/change/index.ts'
import { diagnosed, recordings } from '../recordings.ts'

const silence = 'iptables -I OUTPUT -p icmp -m icmp --icmp-type 3/4 -j DROP'
const narrow = 'ip link set nomad mtu 1300'
const clamp = 'iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss'

/** What follows from a healthy recording when these commands have run on its client c1. */
async function after(...commands: readonly string[]) {
  const healthy = recordings.find(({ id }) => id === 'bridge-healthy')
  if (!healthy) throw new Error('no healthy recording')
  const { world } = await diagnosed(healthy)
  const path = [...world.things.values()].find(({ kind }) => kind === 'path')
  const network = path && value(world, path.id, 'path.network')
  const held = path && world.facts.get(path.id)
  const seen = held?.get('path.network')
  if (!path || !network || seen?.known !== true || !value(world, path.id, 'path.walks')) throw new Error('no walk')
  const { namespaces } = network.topology
  const c1 = commands.reduce(
    (state, command) => {
      const changed = change(state, command.split(' '))
      if ('not' in changed) throw new Error(changed.not)
      return changed.state
    },
    namespaces['client c1'] ?? { unread: [] },
  )
  const topology = { ...network.topology, namespaces: { ...namespaces, 'client c1': c1 } }
  const changed: PathNetwork = { ...network, topology }
  const facts = new Map([
    ...world.facts,
    [path.id, new Map([...(held ?? []), ['path.network', { ...seen, value: changed }]])],
  ])
  return value(derive({ ...world, facts }, [hushedDerivation]), path.id, 'path.hushed')
}

test.each([
  ['nothing is narrow', [], null],
  ['a device is narrow, and senders are told', [narrow], null],
  ['a rule drops the message, and no device is narrow', [silence], null],
  ['both', [narrow, silence], { place: 'client c1', device: 'nomad', carries: 1300, at: 'client c1' }],
  ['segments are made to fit', [narrow, silence, `${clamp} 1260`], null],
  ['segments are made smaller, and not small enough', [narrow, silence, `${clamp} 1400`], { carries: 1300 }],
])('full-size packets: %s', async (_, commands, found) => {
  const hushed = await after(...commands)
  if (found === null) expect(hushed).toBeNull()
  else expect(hushed).toMatchObject(found)
})
