import { parseBridgePorts } from '../../packet/bridge.ts'
import { command, onNode, whole } from '../command.ts'
import { commands } from '../kernel.ts'

/** bridge(8) prints nothing at all, or an empty list, where there is no bridge with ports. */
export const bridgePorts = command({
  id: 'bridge-ports',
  about: 'node',
  title: 'Ports of the bridges of the client',
  provides: 'node.bridge.ports',
  at: onNode,
  argv: commands.ports,
  make: (text) => {
    const ports = text.trim() === '' ? [] : whole(parseBridgePorts(text))
    return [
      ports,
      ports
        .map(
          ({ name, master, state, hairpin }) =>
            `${name} master ${master ?? '-'} state ${state ?? '?'} hairpin ${hairpin === undefined ? '?' : hairpin ? 'on' : 'off'}`,
        )
        .join('\n') || 'no ports',
    ]
  },
})
