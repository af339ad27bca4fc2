import { command, onNode } from '../command.ts'
import { Shape } from '../probe.ts'

export const reversePath = command({
  id: 'reverse-path',
  about: 'node',
  title: 'Packets dropped by the reverse path filter of the client',
  provides: 'node.reverse-path-drops',
  at: onNode,
  argv: ['nstat', '-az', 'TcpExtIPReversePathFilter'],
  make: (text) => {
    const count = /^TcpExtIPReversePathFilter\s+(\d+)/m.exec(text)?.[1]
    if (count === undefined) throw new Shape('the counter was not printed')
    return [Number(count), text]
  },
})
