import { parseFdb } from '../../packet/bridge.ts'
import { command, onNode, whole } from '../command.ts'
import { commands } from '../kernel.ts'

export const bridgeFdb = command({
  id: 'bridge-fdb',
  about: 'node',
  title: 'Forwarding database of the bridges of the client',
  provides: 'node.bridge.fdb',
  at: onNode,
  argv: commands.fdb,
  make: (text) => {
    const entries = whole(parseFdb(text))
    const own = entries.filter(({ master }) => master !== undefined)
    return [
      entries,
      own
        .map(({ mac, dev, master, state }) => `${mac} dev ${dev} master ${master ?? ''} ${state}`.trimEnd())
        .join('\n') || 'no entry of a bridge',
    ]
  },
})
