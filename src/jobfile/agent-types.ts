/** What kinds of values an agent takes. Source: command/agent/config.go of Nomad 2.0.6, and the decoder of HCL. */
import type { Body, Expr } from './ast.ts'
import { at, type Refusal } from './schema-words.ts'

type Kind = 'bool' | 'int' | 'text' | 'list' | 'struct' | 'map'
const words = (text: string): readonly string[] => text.split(' ')
const protocols = words('http rpc serf')

const kinds: Readonly<Record<string, Partial<Readonly<Record<Kind, readonly string[]>>>>> = {
  '': {
    bool: words(
      'log_json log_include_location enable_debug leave_on_interrupt leave_on_terminate enable_syslog disable_anonymous_signature disable_update_check',
    ),
    int: words('log_rotate_bytes log_rotate_max_files'),
    text: words(
      'region datacenter name data_dir plugin_dir log_level log_file log_rotate_duration bind_addr syslog_facility',
    ),
    struct: words(
      'ports addresses advertise client server rpc acl telemetry ui tls sentinel autopilot limits audit reporting eventlog',
    ),
    map: words('http_api_response_headers'),
  },
  client: {
    bool: words(
      'enabled cpu_disable_dmidecode gc_volumes_on_node_gc disable_remote_exec bridge_network_hairpin_mode bind_wildcard_default_host_network default_ineligible no_host_uuid nomad_service_discovery',
    ),
    int: words(
      'network_speed cpu_total_compute memory_total_mb disk_total_mb disk_free_mb client_max_port client_min_port max_dynamic_port min_dynamic_port gc_parallel_destroys gc_max_allocs node_max_allocs',
    ),
    text: words(
      'state_dir alloc_dir alloc_mounts_dir host_volumes_dir host_volume_plugin_dir common_plugin_dir node_class node_pool network_interface reservable_cores max_kill_timeout gc_interval cni_path cni_config_dir bridge_network_name bridge_network_subnet bridge_network_subnet_ipv6 cgroup_parent preferred_address_family',
    ),
    list: words('servers'),
    struct: words('reserved template server_join artifact drain_on_shutdown users'),
    map: words('options meta chroot_env'),
  },
  server: {
    bool: words('enabled rejoin_after_leave non_voting_server enable_event_broker'),
    int: words('bootstrap_expect protocol_version raft_protocol retry_max raft_multiplier num_schedulers'),
    text: words('authoritative_region data_dir encrypt license_path retry_interval redundancy_zone upgrade_version'),
    list: words('enabled_schedulers start_join retry_join'),
    struct: words('server_join search default_scheduler_config plan_rejection_tracker'),
  },
  ports: { int: protocols },
  addresses: { text: protocols },
  advertise: { text: protocols },
}

const kindOf = (block: string, name: string): Kind | undefined =>
  (Object.entries(kinds[block] ?? {}) as [Kind, readonly string[]][]).find(([, names]) => names.includes(name))?.[0]

/** Texts that stand for a number or a yes are taken for it: `"0x4e20"`, `"1"`. */
export function typed(block: string, name: string, value: Expr): Expr {
  const kind = kindOf(block, name)
  if (value.kind !== 'literal' || (kind !== 'bool' && kind !== 'int')) return value
  const read = kind === 'bool' ? boolOf(value.value) : intOf(value.value)
  return read === undefined ? value : { ...value, value: read }
}

type Literal = string | number | boolean | null
function boolOf(value: Literal): boolean | undefined {
  const word = String(value).replaceAll('"', '').toLowerCase()
  return word === '1' || word === 'true' ? true : word === '0' || word === 'false' ? false : undefined
}
function intOf(value: Literal): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
  if (typeof value !== 'string' || !/^[+-]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]*|0[bB][01]+|[1-9]\d*)$/.test(value))
    return undefined
  const digits = value.replace(/^[+-]/, '')
  const number = Number(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits)
  return value.startsWith('-') ? -number : number
}

/** Values and blocks of another kind than the agent takes there, in the words of its decoder. */
export function wrongKinds(block: string, { attributes, blocks }: Body, json: boolean): readonly Refusal[] {
  const path = (name: string): string => ['root', ...(block === '' ? [] : [block]), name].join('.')
  return [
    ...attributes.flatMap(({ name, value }) => {
      const kind = kindOf(block, name.toLowerCase())
      const said = kind && wrong(kind, value, json)
      return said === undefined ? [] : [at(value.span, `${path(name)}: ${said}`, starts)]
    }),
    ...blocks.flatMap(({ type, span }) => {
      const kind = kindOf(block, type.toLowerCase())
      const fits = kind === undefined || kind === 'struct' || kind === 'map'
      return fits ? [] : [at(span, `${path(type)}: a block has no place here`, starts)]
    }),
  ]
}
const starts = 'The agent does not start with a value of another kind.'

function wrong(kind: Kind, value: Expr, json: boolean): string | undefined {
  const literal = value.kind === 'literal' ? value.value : undefined
  // A list of objects is a block for each in JSON.
  const objects = json && value.kind === 'list' && value.items.length > 0 && value.items.every(isObject)
  switch (kind) {
    case 'bool':
      return literal === undefined || boolOf(literal) === undefined ? 'Unknown value for boolean' : undefined
    case 'int':
      return literal === undefined || intOf(literal) === undefined ? 'not a whole number' : undefined
    case 'text':
      return literal === undefined ? 'unknown type for string' : undefined
    case 'list':
      return value.kind === 'list' && value.items.every((one) => one.kind === 'literal')
        ? undefined
        : 'not a list of texts'
    case 'struct':
      return isObject(value) || objects ? undefined : 'not an object type for struct'
    case 'map':
      return isObject(value) || objects ? undefined : 'not an object type for map'
  }
}
const isObject = (value: Expr): boolean => value.kind === 'object'
