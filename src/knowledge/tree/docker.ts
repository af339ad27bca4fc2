/** The ladders of this area: fault ids in the order an expert would rule them out. */
import type { FaultId } from '../faults/index.ts'

/** What docker refuses, or does otherwise than the job's author thinks; the job file shows it. */
export const dockerLadder: readonly FaultId[] = [
  'docker-dns-options-in-bridge',
  'docker-hostname-in-bridge',
  'extra-hosts-lost-or-invalid',
  'container-mode-manual',
  'static-container-address-in-bridge',
  'net-sysctl-in-shared-netns',
  'docker-user-network-missing',
  'pause-container-gone',
  'driver-address-off-node',
  'docker-user-network-auto-advertise',
  'docker-user-network-is-per-host',
  'several-docker-networks',
  'advertise-ipv6-address',
  'docker-desktop-indirection',
  'windows-hostip-empty',
]
