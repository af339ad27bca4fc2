import { parseNeighbours } from '../../packet/ip.ts'
import { command, onNode, whole } from '../command.ts'
import { commands } from '../kernel.ts'

export const neighbours = command({
  id: 'neighbours',
  about: 'node',
  title: 'Neighbour table of the client',
  provides: 'node.neighbours',
  at: onNode,
  argv: commands.neighbours,
  make: (text) => {
    const found = whole(parseNeighbours(text))
    return [
      found,
      found
        .map(({ address, dev, mac, state }) => `${address} dev ${dev} ${mac ?? 'no MAC address'} ${state.join(',')}`)
        .join('\n') || 'no neighbours',
    ]
  },
})
