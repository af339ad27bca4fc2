import { nomad } from '../../ask/nomad.ts'
import { map, object, text, textOr } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const allocationChecks = probe({
  id: 'allocation-checks',
  about: 'alloc',
  title: 'Asking the client for the results of native checks',
  provides: ['alloc.checks'],
  given: [],
  cost: 'free',
  read: (ask, { names }) => look(ask, nomad.allocationChecks(names.alloc ?? '')),
  parse: (answer) => ({
    'alloc.checks': fromJson('allocation-checks', answer, (json) => {
      const found = Object.values(map(json)).map((one) => {
        const check = object(one, 'check')
        const code = check['StatusCode']
        return {
          check: text(check['Check'], 'Check'),
          service: text(check['Service'], 'Service'),
          status: text(check['Status'], 'Status'),
          output: textOr(check['Output'], ''),
          ...(typeof code === 'number' && code !== 0 ? { statusCode: code } : {}),
        }
      })
      return [
        found,
        found.map(({ check, status, output }) => `${check}: ${status}: ${output}`).join('\n') || 'no native check',
      ]
    }),
  }),
})
