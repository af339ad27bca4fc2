import { inNetns, joined, lookAll } from '../command.ts'
import { commands, makeListeners } from '../kernel.ts'
import { probe, type Answer } from '../probe.ts'

export const allocListeners = probe({
  id: 'alloc-listeners',
  about: 'alloc',
  title: 'Listening sockets in the network namespace of the allocation',
  provides: ['alloc.netns.listeners'],
  given: [],
  cost: 'free',
  read: (ask, thing) => lookAll(ask, [inNetns(thing, ...commands.tcp), inNetns(thing, ...commands.udp)]),
  parse: (answers) => ({
    'alloc.netns.listeners': joined('alloc-listeners', answers as [Answer, Answer], ([tcp = '', udp = '']) =>
      makeListeners(tcp, udp),
    ),
  }),
})
