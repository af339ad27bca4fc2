import { parseRouteRules } from '../../packet/ip-route.ts'
import { command, onNode, whole } from '../command.ts'
import { commands } from '../kernel.ts'
import { Shape } from '../probe.ts'

export const routingRules = command({
  id: 'routing-rules',
  about: 'node',
  title: 'Policy routing rules of the client',
  provides: 'node.rules',
  at: onNode,
  argv: commands.rules,
  make: (text) => {
    const rules = whole(parseRouteRules(text))
    if (rules.length === 0) throw new Shape('no rule at all, not even for table local')
    return [
      rules,
      rules
        .map(({ priority, src, action, table }) => `${priority}: from ${src} ${action} ${table ?? ''}`.trimEnd())
        .join('\n'),
    ]
  },
})
