/** How blocks of a job file become objects of the API. Source: nomad/jobspec2/parse_job.go and api/*.go. */

/** A kind of block: which blocks it has inside, and which of its attributes are called otherwise in the API. */
export interface Shape {
  /** The first label is this field. */
  readonly label?: string
  readonly names?: Readonly<Record<string, string>>
  readonly blocks?: Readonly<Record<string, Inner>>
}
/** `many`: a list; `free`: whatever stands in it, as written. */
export interface Inner {
  readonly field: string
  readonly as: 'one' | 'many' | 'free' | 'map'
  readonly shape?: Shape
}

const one = (field: string, shape: Shape = {}): Inner => ({ field, as: 'one', shape })
const many = (field: string, shape: Shape = {}): Inner => ({ field, as: 'many', shape })
const map = (field: string): Inner => ({ field, as: 'map' })

const rules = {
  constraint: many('Constraints', { names: { attribute: 'LTarget', operator: 'Operand', value: 'RTarget' } }),
  affinity: many('Affinities', { names: { attribute: 'LTarget', operator: 'Operand', value: 'RTarget' } }),
  spread: many('Spreads', { blocks: { target: many('SpreadTarget', { label: 'Value' }) } }),
  meta: map('Meta'),
  restart: one('RestartPolicy'),
  reschedule: one('ReschedulePolicy'),
  update: one('Update'),
  migrate: one('Migrate'),
  vault: one('Vault'),
  consul: one('Consul'),
}
const gateway: Shape = {
  blocks: {
    proxy: one('Proxy', {
      names: { envoy_gateway_bind_tagged_addresses: 'EnvoyGatewayBindTaggedAddresses' },
      blocks: {
        config: { field: 'Config', as: 'free' },
        envoy_gateway_bind_addresses: many('EnvoyGatewayBindAddresses', { label: 'Name' }),
      },
    }),
    ingress: one('Ingress', {
      blocks: { tls: one('TLS'), listener: many('Listeners', { blocks: { service: many('Services') } }) },
    }),
    terminating: one('Terminating', { blocks: { service: many('Services') } }),
    mesh: one('Mesh'),
  },
}
const proxy: Shape = {
  blocks: {
    upstreams: many('Upstreams', {
      blocks: { mesh_gateway: one('MeshGateway'), config: { field: 'Config', as: 'free' } },
    }),
    expose: one('Expose', { blocks: { path: many('Paths') } }),
    transparent_proxy: one('TransparentProxy', { names: { no_dns: 'NoDNS' } }),
    config: { field: 'Config', as: 'free' },
  },
}
const service: Shape = {
  names: { port: 'PortLabel', task: 'TaskName' },
  blocks: {
    check: many('Checks', {
      names: {
        port: 'PortLabel',
        task: 'TaskName',
        grpc_service: 'GRPCService',
        grpc_use_tls: 'GRPCUseTLS',
        tls_skip_verify: 'TLSSkipVerify',
        tls_server_name: 'TLSServerName',
      },
      blocks: { header: map('Header'), check_restart: one('CheckRestart') },
    }),
    check_restart: one('CheckRestart'),
    connect: one('Connect', {
      blocks: {
        sidecar_service: one('SidecarService', { blocks: { proxy: one('Proxy', proxy), meta: map('Meta') } }),
        sidecar_task: one('SidecarTask', {
          blocks: {
            config: { field: 'Config', as: 'free' },
            env: map('Env'),
            meta: map('Meta'),
            resources: one('Resources'),
            logs: one('LogConfig'),
          },
        }),
        gateway: one('Gateway', gateway),
      },
    }),
    meta: map('Meta'),
    canary_meta: map('CanaryMeta'),
    tagged_addresses: map('TaggedAddresses'),
    weights: one('Weights'),
    identity: one('Identity'),
  },
}
const network: Shape = {
  blocks: {
    port: many('Ports', { label: 'Label', names: { static: 'Value' } }),
    dns: one('DNS'),
    cni: one('CNI', { blocks: { args: map('Args') } }),
  },
}
const task: Shape = {
  label: 'Name',
  blocks: {
    ...rules,
    config: { field: 'Config', as: 'free' },
    env: map('Env'),
    template: many('Templates', {
      names: {
        destination: 'DestPath',
        data: 'EmbeddedTmpl',
        source: 'SourcePath',
        env: 'Envvars',
        left_delimiter: 'LeftDelim',
        right_delimiter: 'RightDelim',
        error_on_missing_key: 'ErrMissingKey',
      },
      blocks: { wait: one('Wait'), change_script: one('ChangeScript') },
    }),
    lifecycle: one('Lifecycle'),
    service: many('Services', service),
    resources: one('Resources', {
      names: { cpu: 'CPU', memory: 'MemoryMB', memory_max: 'MemoryMaxMB' },
      blocks: { network: many('Networks', network), device: many('Devices', { label: 'Name' }) },
    }),
    artifact: many('Artifacts'),
    volume_mount: many('VolumeMounts'),
    logs: one('LogConfig'),
    dispatch_payload: one('DispatchPayload'),
    identity: many('Identities'),
  },
}
const group: Shape = {
  label: 'Name',
  blocks: {
    ...rules,
    network: many('Networks', network),
    service: many('Services', service),
    task: many('Tasks', task),
    volume: many('Volumes', { label: 'Name' }),
    ephemeral_disk: one('EphemeralDisk'),
    disconnect: one('Disconnect'),
    scaling: one('Scaling'),
  },
}
export const job: Shape = {
  names: { id: 'ID' },
  blocks: {
    ...rules,
    group: many('TaskGroups', group),
    // A task without a group gets one of its name.
    task: many('LoneTasks', task),
    periodic: one('Periodic'),
    parameterized: one('ParameterizedJob'),
    multiregion: one('Multiregion'),
  },
}

/** What an attribute holds, by its name in the file: everything else is text, or a list of texts. */
export const numbers = new Set(
  'count static to local_bind_port local_service_port priority cpu cores memory memory_max mbits attempts max_parallel canary weight limit size max_files max_file_size port local_path_port failures_before_warning failures_before_critical success_before_passing passing warning connect_timeout_ms percent vault_grace uid outbound_port inbound_port'
    .split(' ')
    .filter((name) => name !== 'port'),
)
export const booleans = new Set(
  'leader native expose sidecar env all_at_once enabled prohibit_overlap ignore_collision disable_default_tcp_check enable_tag_override disable_file read_only sticky migrate auto_revert auto_promote unlimited replace no_dns tls_skip_verify grpc_use_tls ignore_warnings once error_on_missing_key prevent_reschedule_on_lost'.split(
    ' ',
  ),
)
export const lists = new Set(
  'datacenters tags canary_tags servers searches options args hosts exclude_inbound_ports exclude_outbound_ports exclude_outbound_cidrs exclude_uids policies'.split(
    ' ',
  ),
)
export const durations = new Set(
  'interval timeout grace shutdown_delay kill_timeout lost_after stop_on_client_after splay delay max_delay min_healthy_time healthy_deadline progress_deadline max_client_disconnect stop_after_client_disconnect deadline connect_timeout min max stagger'.split(
    ' ',
  ),
)
