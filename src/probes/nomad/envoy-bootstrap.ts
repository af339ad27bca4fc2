import { nomad } from '../../ask/nomad.ts'
import { fromText, look, probe } from '../probe.ts'

/** Written by the client beside the logs of the tasks. Source: client/allocrunner/taskrunner/envoy_bootstrap_hook.go. */
const file = 'alloc/logs/envoy_bootstrap.stderr.0'

export const envoyBootstrap = probe({
  id: 'envoy-bootstrap',
  about: 'alloc',
  title: 'Reading what Consul said while it configured the sidecar',
  provides: ['alloc.envoy-bootstrap'],
  given: [],
  cost: 'free',
  read: (ask, { names }) => look(ask, nomad.file(names.alloc ?? '', file)),
  parse: (answer) => ({
    'alloc.envoy-bootstrap': fromText('envoy-bootstrap', answer, (text) => [text, text.trim().slice(-600)]),
  }),
})
