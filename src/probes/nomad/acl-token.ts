import { nomad } from '../../ask/nomad.ts'
import { object, text, textOr, texts } from '../json.ts'
import { fromJson, held, look, probe } from '../probe.ts'

/** With ACLs off, new servers answer with a token of this accessor; older ones refuse with this text. */
const disabled = 'acls-disabled'
const disabledText = 'ACL support disabled'

export const aclToken = probe({
  id: 'acl-token',
  about: 'cluster',
  title: 'Asking what the token may do',
  provides: ['cluster.acl'],
  given: [],
  cost: 'free',
  read: (ask) => look(ask, nomad.token()),
  parse: (answer) => ({
    'cluster.acl':
      answer.refusal && answer.reply.body.includes(disabledText)
        ? held('acl-token', answer, { enabled: false, token: '', policies: [] }, disabledText)
        : fromJson('acl-token', answer, (json) => {
            const token = object(json, 'token')
            const accessor = text(token['AccessorID'], 'AccessorID')
            const policies = texts(token['Policies'], 'Policies')
            const kind = textOr(token['Type'], '')
            const name = textOr(token['Name'], '')
            // The secret of the token stays out of the evidence.
            return [
              {
                enabled: accessor !== disabled,
                token: name || accessor,
                policies: kind === 'management' ? ['management'] : policies,
              },
              `AccessorID ${accessor}, Name ${name}, Type ${kind}, Policies ${policies.join(', ')}`,
            ]
          }),
  }),
})
