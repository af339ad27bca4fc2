import { joined, lookAll, onNode } from '../command.ts'
import { commands, makeListeners } from '../kernel.ts'
import { probe, type Answer } from '../probe.ts'

export const listeners = probe({
  id: 'listeners',
  about: 'node',
  title: 'Listening sockets of the client',
  provides: ['node.listeners'],
  given: [],
  cost: 'free',
  read: (ask, thing) => lookAll(ask, [onNode(thing, ...commands.tcp), onNode(thing, ...commands.udp)]),
  parse: (answers) => ({
    'node.listeners': joined('listeners', answers as [Answer, Answer], ([tcp = '', udp = '']) =>
      makeListeners(tcp, udp),
    ),
  }),
})
