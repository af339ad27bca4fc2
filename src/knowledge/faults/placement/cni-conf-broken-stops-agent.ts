import { cniFile } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import type { CniFile } from '../../shapes/crossing.ts'

const broken = (files: readonly CniFile[]) => files.find(({ error }) => error !== null)
const wrong: CniFile = { file: '10-lan.conflist', error: 'it is no JSON: Unexpected end of JSON input', network: null }

const refused = (files: readonly CniFile[]): CniFile | undefined => files.find(({ error }) => error !== null)

export const cniConfBrokenStopsAgent = fault({
  id: 'cni-conf-broken-stops-agent',
  about: 'node',
  title: 'A CNI file of the client cannot be read, and with it the agent does not start',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Error starting agent: client setup failed: fingerprinting failed: failed to load CNI config list file <path>: error parsing configuration list: unexpected end of JSON input',
    'failed to load CNI config list file <path>: error parsing configuration list: no name',
    'failed to load CNI config list file <path>: no plugin configs found',
    'failed to load CNI config list file <path>: error parsing configuration list: no plugins in list',
    "failed to load CNI config list file <path>: error parsing configuration list: invalid character '/' looking for beginning of object key string",
    "failed to load CNI config list file <path>: failed to parse plugin config 0: error parsing configuration: missing 'type'",
    "failed to load CNI config file <path>: error parsing configuration: missing 'type'",
    'error fingerprinting after reload',
    "Error starting agent: client setup failed: fingerprinting failed: error parsing configuration: missing 'type'",
  ],
  onlyWhen: { 'node.up': ['down'] },
  needs: ['node.cni.networks'],
  holds: ({ 'node.cni.networks': files }) => {
    const found = broken(files)
    return found
      ? `The client is down, and its agent cannot start: CNI file ${found.file} cannot be read, ${found.error ?? ''}`
      : false
  },
  byHand:
    'On the client: python3 -m json.tool <file> for every .conf, .conflist and .json file in cni_config_dir (default /opt/cni/config); each needs a name, and each plugin a type.',
  explains: [
    'cni-network-not-on-node',
    'missing-network',
    'nsd-stale-registration',
    'consul-stale-service',
    'ingress-absent-on-node',
  ],
  because:
    'At its start a client reads every .conf, .conflist and .json file of cni_config_dir, and the first that cannot be read ends it. JSON has no comments and no trailing commas; a list needs a name and plugins, each plugin a type. A running agent only warns at a reload, so such a file waits for the next restart; until then no allocation finds a CNI network whose file comes after it.',
  fix: ({ 'node.cni.networks': files }) => [
    {
      do: `Correct ${broken(files)?.file ?? 'the file'}, or move it out of the folder: ${broken(files)?.error ?? ''}`,
      on: 'CNI configuration of the client',
      risk: 'none',
    },
    { do: 'Start the agent', on: 'client', run: ['systemctl', 'start', 'nomad'], risk: 'none' },
  ],
  references: ['client/fingerprint/cni.go', 'https://www.cni.dev/docs/spec/#section-1-network-configuration-format'],
  since: '0.1.0',
  examples: [
    {
      name: 'the file is cut short, and the client is down',
      given: { 'node.cni.networks': [wrong, cniFile('20-lan.conflist')], 'node.up': 'down' },
      then: 'present',
    },
    {
      name: 'the client was started before',
      given: { 'node.cni.networks': [wrong], 'node.up': 'up' },
      then: 'absent',
    },
    {
      name: 'all can be read',
      given: { 'node.cni.networks': [cniFile('lan.conflist')], 'node.up': 'down' },
      then: 'absent',
    },
    { name: 'there is none', given: { 'node.cni.networks': [], 'node.up': 'up' }, then: 'absent' },
  ],
  foretold: {
    about: 'node',
    needs: ['node.cni.networks'],
    holds: ({ 'node.cni.networks': files }) => {
      const found = refused(files)
      return found ? { says: `The agent refuses to start with ${found.file}: ${found.error}`, at: found } : false
    },
    fix: ({ 'node.cni.networks': files }) => [
      {
        do: `Correct ${refused(files)?.file ?? 'the file'}, or take it out of the folder`,
        on: 'CNI configuration of the clients',
        risk: 'none',
      },
    ],
    examples: [
      {
        name: 'a list in a .conf',
        given: { 'node.cni.networks': [{ file: 'list.conf', error: 'a plugin has no type', network: null }] },
        then: 'present',
      },
      { name: 'no file at all', given: { 'node.cni.networks': [] }, then: 'absent' },
    ],
  },
})
