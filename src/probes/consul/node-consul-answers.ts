import { consul } from '../../ask/consul.ts'
import { array, object, textOr } from '../json.ts'
import { held, look, probe, unknown } from '../probe.ts'

const usual = /^(https?:\/\/)?(127\.0\.0\.1|localhost)(:8500)?$/

/** Only a refusal by the client's own loopback proves that nobody listens there. */
export const nodeConsulAnswers = probe({
  id: 'node-consul-answers',
  about: 'node',
  title: 'Asking the Consul agent on the client',
  provides: ['node.consul.answers'],
  given: ['node.agent'],
  cost: 'free',
  read: (ask, { names }) => look(ask, consul.nodeAgent(names.node ?? '')),
  parse: (answer, _, { 'node.agent': agent }) => {
    const { refusal, reply } = answer
    const known = (value: boolean, said: string) => ({
      'node.consul.answers': held('node-consul-answers', answer, value, said),
    })
    if (refusal === null) return known(true, `HTTP ${reply.status}`)
    const said = `${reply.stderr ?? ''}${reply.body}`
    const addresses = array(agent['Consuls'], 'Consuls').map((one) => textOr(object(one)['Addr'], ''))
    const here = addresses.every((address) => address === '' || usual.test(address))
    const refused =
      /(connect to (127\.0\.0\.1|localhost) port 8500\b.*(couldn't connect|refused))|127\.0\.0\.1:8500: connect: connection refused/i
    return here && refused.test(said) ? known(false, said.trim()) : { 'node.consul.answers': unknown(answer) }
  },
})
