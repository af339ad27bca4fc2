import { fault } from '../../fault.ts'
import { grave, linux, names, taking, tell } from '../../placement.ts'
import type { NodeOffer } from '../../shapes/runtime.ts'
import { offer } from './examples.ts'

/** Linux clients without mode bridge; other systems never have it. */
const without = (offers: readonly NodeOffer[]) =>
  taking(offers).filter((offer) => !offer.modes.includes('bridge') && linux(offer))
const called = (offers: readonly NodeOffer[]) => names(without(offers).map(({ name }) => name))

export const bridgeModuleUndetected = fault({
  id: 'bridge-module-undetected',
  about: 'group',
  title: 'The client offers no bridge networking: its agent did not find the kernel module bridge',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'failed to detect bridge kernel module, bridge network mode disabled',
    'failed to find /sys/module/bridge',
    'module bridge not in /proc/modules',
    'Constraint "missing network": <n> nodes excluded by filter',
  ],
  onlyWhen: {
    'group.placement': ['not-placed', 'partly'],
    'group.network.mode': ['bridge'],
    'group.missing.mode': [true],
  },
  needs: ['group.candidates', 'group.placement'],
  shows: ['group.candidates'],
  holds: ({ 'group.candidates': meant, 'group.placement': placement }) =>
    without(meant).length > 0
      ? {
          says: `${tell(
            without(meant).map(({ name }) => name),
            'is ready, but does',
            'are ready, but do',
          )} not offer network mode bridge`,
          severity: grave(placement),
        }
      : false,
  byHand:
    'On the client: ls -d /sys/module/bridge; grep "bridge kernel module" in the agent log. nomad node status -verbose <node> shows no attribute nomad.bridge.hairpin_mode.',
  explains: ['missing-network', 'computed-class-ineligible', 'ingress-absent-on-node'],
  because:
    'A Linux client offers mode bridge only if its agent finds the kernel module bridge at start: in /sys/module, in /proc/modules, built in, or in modules.dep as bridge.ko or bridge.ko.xz. On newer distributions the module is packed as bridge.ko.zst, so it is found only once something has loaded it. After a reboot without docker, or a kernel upgrade, the client comes up as ready with mode host alone.',
  fix: ({ 'group.candidates': meant }) => [
    { do: 'Load the module now', on: `client ${called(meant)}`, run: ['modprobe', 'bridge'], risk: 'none' },
    {
      do: 'Have it loaded at boot, before Nomad: a line "bridge" in /etc/modules-load.d/nomad.conf',
      on: `client ${called(meant)}`,
      risk: 'none',
    },
    {
      do: 'Restart the Nomad agent, which looks at start only',
      on: `client ${called(meant)}`,
      run: ['systemctl', 'restart', 'nomad'],
      risk: 'Running allocations go on',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'client/fingerprint/bridge_linux.go',
    'https://github.com/hashicorp/nomad/issues/23583',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a client with mode host alone',
      given: {
        'group.placement': 'not-placed',
        'group.network.mode': 'bridge',
        'group.missing.mode': true,
        'group.candidates': [offer('c1', { modes: ['host'] })],
      },
      then: 'present',
    },
    {
      name: 'Windows has no bridge mode',
      given: {
        'group.placement': 'not-placed',
        'group.network.mode': 'bridge',
        'group.missing.mode': true,
        'group.candidates': [offer('w1', { modes: ['host'], os: 'Microsoft Windows Server 2022' })],
      },
      then: 'absent',
    },
    {
      name: 'placed on a client that has it',
      given: {
        'group.placement': 'placed',
        'group.network.mode': 'bridge',
        'group.missing.mode': false,
        'group.candidates': [offer('c1', { modes: ['host'] }), offer('c2')],
      },
      then: 'absent',
    },
    {
      name: 'a CNI network of the operator',
      given: {
        'group.placement': 'not-placed',
        'group.network.mode': 'cni',
        'group.missing.mode': true,
        'group.candidates': [offer('c1', { modes: ['host'] })],
      },
      then: 'absent',
    },
  ],
})
