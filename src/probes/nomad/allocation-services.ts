import { nomad } from '../../ask/nomad.ts'
import { array } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'
import { rowLine, serviceRow } from './service-row.ts'

/** The list of the whole job serves every allocation of it, and takes a namespace. */
export const allocationServices = probe({
  id: 'allocation-services',
  about: 'alloc',
  title: "Reading the allocation's rows in the native catalogue",
  provides: ['alloc.services'],
  given: [],
  cost: 'free',
  read: (ask, { names }) => look(ask, nomad.jobServices(names.job ?? '', names.namespace)),
  parse: (answer, { names }) => ({
    'alloc.services': fromJson('allocation-services', answer, (json) => {
      const found = array(json)
        .map(serviceRow)
        .filter(({ alloc }) => alloc === names.alloc)
      return [found, found.map(rowLine).join('\n') || `no row of allocation ${names.alloc?.slice(0, 8) ?? ''}`]
    }),
  }),
})
