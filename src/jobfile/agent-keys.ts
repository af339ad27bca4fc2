/**
 * Keys that an agent does not know, for which it refuses to start. Source: command/agent/config_parse.go, `extraKeys`; the
 * lists are those of Nomad 2.0.6, which `nomad config validate` takes. Blocks that are not here may hold anything.
 */
import type { Attribute, BlockSyntax, Body } from './ast.ts'
import { wrongKinds } from './agent-types.ts'
import { at, type Refusal } from './schema-words.ts'

const words = (text: string): readonly string[] => text.split(' ')
const protocols = words('http rpc serf')

const top = words(
  'acl addresses advertise audit autopilot bind_addr client consul data_dir datacenter disable_anonymous_signature disable_update_check enable_debug enable_syslog eventlog http_api_response_headers keyring leave_on_interrupt leave_on_terminate license limits log_file log_include_location log_json log_level log_rotate_bytes log_rotate_duration log_rotate_max_files name plugin plugin_dir ports region reporting rpc sentinel server syslog_facility telemetry tls ui vault',
)
const within: Readonly<Record<string, readonly string[]>> = {
  ports: protocols,
  addresses: protocols,
  advertise: protocols,
  client: words(
    'alloc_dir alloc_mounts_dir artifact bind_wildcard_default_host_network bridge_network_hairpin_mode bridge_network_name bridge_network_subnet bridge_network_subnet_ipv6 cgroup_parent chroot_env client_max_port client_min_port cni_config_dir cni_path common_plugin_dir cpu_disable_dmidecode cpu_total_compute default_ineligible disable_remote_exec disk_free_mb disk_total_mb drain_on_shutdown enabled fingerprint gc_disk_usage_threshold gc_inode_usage_threshold gc_interval gc_max_allocs gc_parallel_destroys gc_volumes_on_node_gc host_network host_volume host_volume_plugin_dir host_volumes_dir log_file max_dynamic_port max_kill_timeout memory_total_mb meta min_dynamic_port network_interface network_speed no_host_uuid node_class node_max_allocs node_pool nomad_service_discovery options preferred_address_family reservable_cores reserved server_join servers state_dir stats template users',
  ),
  server: words(
    'acl_token_gc_threshold authoritative_region batch_eval_gc_threshold bootstrap_expect client_introduction csi_plugin_gc_threshold csi_volume_claim_gc_interval csi_volume_claim_gc_threshold data_dir default_scheduler_config deploy_query_rate_limit deployment_gc_threshold enable_event_broker enabled enabled_schedulers encrypt eval_gc_threshold event_buffer_size failover_heartbeat_ttl heartbeat_grace job_default_priority job_gc_interval job_gc_threshold job_max_count job_max_priority job_max_source_size job_tracked_versions license_path log_file max_heartbeats_per_second min_heartbeat_ttl node_gc_threshold non_production non_voting_server num_schedulers oidc_issuer plan_apply_pipeline plan_rejection_tracker preemption_config protocol_version raft_boltdb raft_logstore raft_multiplier raft_protocol raft_snapshot_interval raft_snapshot_threshold raft_trailing_logs redundancy_zone rejoin_after_leave retry_interval retry_join retry_max root_key_gc_interval root_key_gc_threshold root_key_rotation_threshold search server_join start_join start_timeout upgrade_version',
  ),
}
/** The parser lets keys of inner blocks pass one level above. */
const leaked: Readonly<Record<string, readonly string[]>> = {
  client: words(
    'block_query_wait consul_retry disable_file_sandbox function_denylist max_stale nomad_retry vault_retry wait wait_bounds',
  ),
  '': words(
    'chroot_env datadog_tags enabled_schedulers meta options retry_join server_join servers start_join template',
  ),
}

type Named = readonly { readonly name: string; readonly span: Attribute['span'] }[]

/** Blocks that may stand there more than once; whatever else stands there again, the agent does not know. */
const repeated: Readonly<Record<string, readonly string[]>> = {
  '': words('client server telemetry consul vault plugin keyring'),
  client: words('host_network host_volume fingerprint template'),
}

function unexpected(block: string, found: Named): readonly Refusal[] {
  const among = block === '' ? top : (within[block] ?? [])
  const known = new Set([...among, ...(leaked[block] ?? [])])
  const seen = new Set(found.map(({ name }) => name.toLowerCase()))
  return found.flatMap(({ name, span }) => {
    const own = name.toLowerCase()
    const first = seen.delete(own)
    const said = `${block === '' ? '' : `${block} `}unexpected keys ${name}`
    if (!known.has(own))
      return [{ ...at(span, said, 'The agent does not start with a key that it does not know.'), name, among }]
    return first || repeated[block]?.includes(own)
      ? []
      : [at(span, said, `The agent does not start with a key that stands there twice, as ${name} does.`)]
  })
}

const named = ({ attributes, blocks }: Body): Named => [
  ...attributes.map(({ name, span }) => ({ name, span })),
  ...blocks.map(({ type, span }) => ({ name: type, span })),
]

/** What the agent says against its file, each key at its place. */
export function refusedByAgent(body: Body, json: boolean): readonly Refusal[] {
  const checked = [
    { type: '', body },
    ...body.blocks.map((one) => ({ ...one, type: one.type.toLowerCase() })).filter(({ type }) => within[type]),
  ]
  return checked.flatMap((one) => [
    ...unexpected(one.type, named(one.body)),
    ...wrongKinds(one.type, one.body, json),
    ...(one.type === 'ports' ? outOfRange(one) : []),
  ])
}

/** Source: command/agent/config.go, `Listener`. */
const outOfRange = ({ body }: Pick<BlockSyntax, 'body'>): readonly Refusal[] =>
  body.attributes.flatMap(({ value, span }) => {
    const port = value.kind === 'literal' ? Number(value.value) : Number.NaN
    const detail = `listen tcp: address ${port}: invalid port`
    return port < 0 || port > 65_535 ? [at(span, 'The port is none: 0 to 65535', detail)] : []
  })
