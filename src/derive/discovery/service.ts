import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'

/** What the job says of a service. */
export const serviceDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'service.specs',
    about: 'service',
    from: ['group.spec'],
    make: ({ 'group.spec': group }, _, { names }) => {
      const own = [...group.services, ...group.tasks.flatMap((task) => task.services)].filter(
        ({ name }) => name === names.service,
      )
      return own.length === 0
        ? notKnown(`group ${group.name} declares no service ${names.service ?? ''}`, 'not-found')
        : made(
            own,
            own
              .map(
                ({ name, port, provider, addressMode }) =>
                  `service "${name}" port = "${port}" provider = "${provider}" address_mode = "${addressMode}"`,
              )
              .join('\n'),
          )
    },
  }),
  derivation({
    provides: 'service.provider',
    about: 'service',
    from: ['service.specs'],
    // One group has one provider: the servers refuse two.
    make: ({ 'service.specs': [first] }) => (first?.provider === 'nomad' ? 'nomad' : 'consul'),
  }),
]
