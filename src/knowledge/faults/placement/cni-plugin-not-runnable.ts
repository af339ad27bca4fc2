import { fault } from '../../fault.ts'
import { placedAnew } from '../../nomad-command.ts'
import { record } from '../../samples.ts'
import { setupFailed, setupSays } from '../../setup.ts'

const told = (failed: string | null) => {
  const [, plugin = '', path = '', why = ''] = setupSays('cni-plugin-not-runnable', failed) ?? []
  return plugin === '' ? undefined : { plugin, path, built: why === 'exec format error' }
}

export const cniPluginNotRunnable = fault({
  id: 'cni-plugin-not-runnable',
  about: 'alloc',
  title: 'A CNI plugin is there, but the client cannot run it',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'plugin type="<plugin>" failed (add): netplugin failed with no error message: fork/exec <path>: permission denied',
    'plugin type="<plugin>" failed (add): netplugin failed with no error message: fork/exec <path>: exec format error',
    'netplugin failed: "<path>: /lib64/libc.so.6: version `GLIBC_<version>\' not found"',
    'failed to detect CNI plugin version: name=<plugin> error="fork/exec <path>: exec format error"',
  ],
  needs: ['alloc.setup-failure', 'alloc.record'],
  shows: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed }) => {
    const found = told(failed)
    if (!found) return false
    return `The client found the CNI plugin ${found.path} and could not run it: ${found.built ? 'it is no program for this processor, or cut short' : 'it may not be executed'}`
  },
  byHand:
    'On the client: ls -l <path> (no x), findmnt -T <path> (noexec), file <path> compared with uname -m, and its size.',
  explains: [],
  because:
    'A CNI plugin is a program that the client starts for each allocation. The kernel refuses with "permission denied" when the file has no execute bit, lies on a file system mounted noexec, or a security module forbids it; with "exec format error" when it was built for another processor, is empty, or its download was cut short. Nomad finds the file and so places the allocation, and every one fails at its start.',
  fix: ({ 'alloc.setup-failure': failed, 'alloc.record': alloc }) => {
    const { path = '', built = false } = told(failed) ?? {}
    return [
      built
        ? {
            do: `Unpack the CNI reference plugins for the processor of this client again, ${path} among them`,
            on: 'client',
            risk: 'none',
          }
        : {
            do: 'Make the plugin executable; when it is so already, move it off the file system that is mounted noexec',
            on: 'client',
            run: ['chmod', '755', path],
            risk: 'none',
          },
      { ...placedAnew(alloc), note: 'No restart of the agent is needed' },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'https://github.com/containernetworking/plugins/releases',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'no execute bit',
      given: {
        'alloc.record': record('a1'),
        'alloc.setup-failure': setupFailed(
          'plugin type="bridge" failed (add): netplugin failed with no error message: fork/exec /opt/cni/bin/bridge: permission denied',
        ),
      },
      then: 'present',
    },
    {
      name: 'built for another processor',
      given: {
        'alloc.record': record('a1'),
        'alloc.setup-failure': setupFailed(
          'plugin type="loopback" failed (add): netplugin failed with no error message: fork/exec /opt/cni/bin/loopback: exec format error',
        ),
      },
      then: 'present',
    },
    {
      name: 'it is not there at all',
      given: {
        'alloc.record': record('a1'),
        'alloc.setup-failure': setupFailed(
          'plugin type="bridge" failed (add): failed to find plugin "bridge" in path [/opt/cni/bin]',
        ),
      },
      then: 'absent',
    },
    {
      name: 'set up without trouble',
      given: { 'alloc.record': record('a1'), 'alloc.setup-failure': null },
      then: 'absent',
    },
  ],
})
