import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import { setupFailed, setupTexts } from '../../setup.ts'
import { quoted } from '../../quoted.ts'

const held = (...said: readonly (string | null)[]): string | undefined =>
  setupTexts['xtables-lock-contention'].exec(said.join('\n'))?.[1]

export const xtablesLockContention = fault({
  id: 'xtables-lock-contention',
  about: 'alloc',
  title: 'Another program held the lock of iptables while the allocation was set up',
  layer: 'node',
  severity: 'degrades',
  heard: [
    'Another app is currently holding the xtables lock. Perhaps you want to use the -w option?',
    'Another app is currently holding the xtables lock; still <n>s <n>us time ahead to have a chance to grab the lock...',
    'exit status 4: Another app is currently holding the xtables lock',
  ],
  needs: ['alloc.setup-failure', 'alloc.driver-failure', 'alloc.record'],
  holds: ({ 'alloc.setup-failure': setup, 'alloc.driver-failure': driver, 'alloc.record': { nodeName } }) => {
    const said = held(setup, driver)
    return said === undefined
      ? false
      : `On ${nodeName} iptables could not be used for the allocation: ${quoted(said, 120)}`
  },
  byHand: 'On the client: fuser -v /run/xtables.lock while it happens; ps for scripts that call iptables in a loop.',
  explains: [],
  because:
    'The legacy iptables takes a lock for the whole machine, and each call reads and writes a whole table. With many thousand rules, or a tool that calls it all the time (fail2ban, a firewall that reloads, a metrics exporter), a call may find the lock taken. Nomad and the CNI plugins wait for it; older docker versions and scripts do not, and give up. A later attempt mostly succeeds.',
  fix: ({ 'alloc.record': { nodeName } }) => [
    {
      do: 'See who holds the lock, and have it call iptables less often, or with -w',
      on: `client ${nodeName}`,
      run: ['fuser', '-v', '/run/xtables.lock'],
      risk: 'none',
    },
    {
      do: 'Where many rules are left over, remove them; or use iptables-nft, which has no such lock',
      on: `client ${nodeName}`,
      risk: 'Change the backend with a drained client and a reboot only: rules of both act at once',
    },
  ],
  references: ['https://man7.org/linux/man-pages/man8/iptables.8.html', 'https://github.com/coreos/go-iptables'],
  since: '0.1.0',
  examples: [
    {
      name: 'docker gave up',
      given: {
        'alloc.setup-failure': null,
        'alloc.driver-failure':
          'Failed to start container: driver failed programming external connectivity: iptables failed: Another app is currently holding the xtables lock. Perhaps you want to use the -w option?',
        'alloc.record': record('a1'),
      },
      then: 'present',
    },
    {
      name: 'a plugin gave up',
      given: {
        'alloc.setup-failure': setupFailed(
          'plugin type="portmap" failed (add): Another app is currently holding the xtables lock. Perhaps you want to use the -w option?',
        ),
        'alloc.driver-failure': null,
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'present',
    },
    {
      name: 'the port is taken',
      given: {
        'alloc.setup-failure': null,
        'alloc.driver-failure': 'Bind for 10.0.0.1:8080 failed: port is already allocated',
        'alloc.record': record('a1'),
      },
      then: 'absent',
    },
  ],
})
