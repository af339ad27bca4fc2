import { consul } from '../../ask/consul.ts'
import { array, numberOr, object, text, textOr } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const consulIntentions = probe({
  id: 'consul-intentions',
  about: 'cluster',
  title: 'Reading the intentions of the service mesh',
  provides: ['cluster.consul.intentions'],
  given: [],
  cost: 'free',
  read: (ask) => look(ask, consul.intentions()),
  parse: (answer) => ({
    'cluster.consul.intentions': fromJson('consul-intentions', answer, (json) => {
      const found = array(json).map((one) => {
        const intention = object(one, 'intention')
        return {
          source: text(intention['SourceName'], 'SourceName'),
          destination: text(intention['DestinationName'], 'DestinationName'),
          // An intention with permissions has no action of its own.
          action: textOr(intention['Action'], '') || 'l7',
          precedence: numberOr(intention['Precedence'], 0),
        }
      })
      const sorted = found.toSorted((a, b) => b.precedence - a.precedence)
      return [
        sorted,
        sorted
          .map(
            ({ source, destination, action, precedence }) =>
              `${source} => ${destination}: ${action} (precedence ${precedence})`,
          )
          .join('\n') || 'no intention',
      ]
    }),
  }),
})
