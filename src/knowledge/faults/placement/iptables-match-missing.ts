import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import { setupFailed, setupSays } from '../../setup.ts'
import { quoted } from '../../quoted.ts'

export const iptablesMatchMissing = fault({
  id: 'iptables-match-missing',
  about: 'alloc',
  title: 'The kernel or the iptables program of the client lacks a part that the rules need',
  layer: 'node',
  severity: 'breaks',
  heard: [
    "iptables <version>: Couldn't load match `<match>':No such file or directory",
    'Extension <match> revision 0 not supported, missing kernel module?',
    "can't initialize iptables table `<table>': Table does not exist (do you need to insmod?)",
    'iptables: No chain/target/match by that name.',
  ],
  needs: ['alloc.setup-failure', 'alloc.record'],
  shows: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed, 'alloc.record': { nodeName } }) => {
    const [, said] = setupSays('iptables-match-missing', failed) ?? []
    return said === undefined
      ? false
      : `iptables on ${nodeName} cannot write a rule of the CNI plugins: ${quoted(said, 160)}`
  },
  byHand:
    'On the client: the error names the command that failed; run it by hand. ls /lib/modules/$(uname -r)/kernel/net/netfilter, and modprobe xt_comment xt_multiport xt_addrtype xt_mark xt_conntrack xt_MASQUERADE.',
  explains: [],
  because:
    'The rules of the plugins use the matches comment, conntrack, addrtype, multiport and mark, the targets MARK, DNAT and MASQUERADE, and the table nat. Each is a module of the kernel and a library of iptables. Small kernels, as of storage appliances and minimal images, leave some of them out, and after an update of the kernel without a reboot the modules of the running one are gone from the disk.',
  fix: ({ 'alloc.record': { nodeName } }) => [
    {
      do: 'After an update of the kernel: reboot the client, so that the running kernel has its modules again',
      on: `client ${nodeName}`,
      risk: 'Its allocations move: drain it first',
    },
    {
      do: 'Otherwise load what is named, or use a kernel that has it; on machines without it, mode = "host" needs no such rules',
      on: `client ${nodeName}`,
      run: ['modprobe', '-a', 'xt_comment', 'xt_multiport', 'xt_addrtype', 'xt_mark', 'xt_conntrack', 'xt_MASQUERADE'],
      risk: 'none',
    },
  ],
  references: [
    'https://github.com/hashicorp/nomad/issues/9837',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'no match comment',
      given: {
        'alloc.setup-failure': setupFailed(
          'plugin type="bridge" failed (add): failed to add rule: running [/sbin/iptables -t nat -A POSTROUTING]: exit status 2: iptables v1.8.3 (legacy): Couldn\'t load match `comment\':No such file or directory',
        ),
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'present',
    },
    {
      name: 'a table that nft made',
      given: {
        'alloc.setup-failure':
          "failed to initialize table forwarding rules: failed to list iptables chains: running [/usr/sbin/iptables -t filter -S --wait]: exit status 1: iptables v1.8.9 (nf_tables): table `filter' is incompatible, use 'nft' tool.",
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'absent',
    },
    {
      name: 'set up without trouble',
      given: { 'alloc.setup-failure': null, 'alloc.record': record('a1') },
      then: 'absent',
    },
  ],
})
