/** Blocks and arguments of a job: all that releases of Nomad from v1.0.0 to v2.0.5 take. Printed by scripts/job-schema.ts. */
export const kinds: Readonly<Record<string, string>> = {
  Action: 'label name; required command; texts args; text command',
  Affinity:
    'text attribute operator regexp semver set_contains set_contains_all set_contains_any value version; number weight',
  CNIConfig: 'map args',
  CSIMountOptions: 'text fs_type; texts mount_flags',
  ChangeScript: 'texts args; text command; bool fail_on_error run_on_first_render; duration timeout',
  CheckRestart: 'duration grace; bool ignore_warnings; number limit',
  Constraint:
    'text attribute distinct_property is_not_set is_set operator regexp semver set_contains set_contains_all set_contains_any value version; bool distinct_hosts',
  Consul: 'text cluster namespace partition',
  ConsulConnect: 'bool native; one gateway:ConsulGateway sidecar_service:ConsulSidecarService sidecar_task:SidecarTask',
  ConsulExposeConfig: 'many path:ConsulExposePath',
  ConsulExposePath: 'text listener_port path protocol; number local_path_port',
  ConsulGateway:
    'one ingress:ConsulIngressConfigEntry mesh:ConsulMeshConfigEntry proxy:ConsulGatewayProxy terminating:ConsulTerminatingConfigEntry',
  ConsulGatewayBindAddress: 'label; text address; number port',
  ConsulGatewayProxy:
    'duration connect_timeout; text envoy_dns_discovery_type; bool envoy_gateway_bind_tagged_addresses envoy_gateway_no_default_bind; free config; many envoy_gateway_bind_addresses:ConsulGatewayBindAddress',
  ConsulGatewayTLSConfig:
    'texts cipher_suites; bool enabled; text tls_max_version tls_min_version; one sds:ConsulGatewayTLSSDSConfig',
  ConsulGatewayTLSSDSConfig: 'text cert_resource cluster_name',
  ConsulHTTPHeaderModifiers: 'texts remove; free add set',
  ConsulIngressConfigEntry: 'many listener:ConsulIngressListener; one tls:ConsulGatewayTLSConfig',
  ConsulIngressListener: 'number port; text protocol; many service:ConsulIngressService',
  ConsulIngressService:
    'texts hosts; number max_concurrent_requests max_connections max_pending_requests; text name; one request_headers:ConsulHTTPHeaderModifiers response_headers:ConsulHTTPHeaderModifiers tls:ConsulGatewayTLSConfig',
  ConsulLinkedService: 'text ca_file cert_file key_file name sni',
  ConsulMeshConfigEntry: '',
  ConsulMeshGateway: 'text mode',
  ConsulProxy:
    'text local_service_address; number local_service_port; free config; one expose:ConsulExposeConfig transparent_proxy:ConsulTransparentProxy; many upstreams:ConsulUpstream',
  ConsulSidecarService: 'bool disable_default_tcp_check; text port; texts tags; free meta; one proxy:ConsulProxy',
  ConsulTerminatingConfigEntry: 'many service:ConsulLinkedService',
  ConsulTransparentProxy:
    'texts exclude_inbound_ports exclude_outbound_cidrs exclude_uids; numbers exclude_outbound_ports; bool no_dns; number outbound_port; text uid',
  ConsulUpstream:
    'text datacenter destination_name destination_namespace destination_partition destination_peer destination_type local_bind_address local_bind_socket_mode local_bind_socket_path; number local_bind_port; free config; one mesh_gateway:ConsulMeshGateway',
  DNSConfig: 'texts options searches servers',
  DisconnectStrategy: 'duration lost_after stop_on_client_after; text reconcile; bool replace',
  DispatchPayloadConfig: 'text file',
  EphemeralDisk: 'bool migrate sticky; number size',
  Job: 'label name; bool all_at_once; text consul_token id name namespace node_pool region type vault_token; texts datacenters; map meta; number priority; many affinity:Affinity constraint:Constraint group:TaskGroup secret:Secret spread:Spread task:Task; free meta; one migrate:MigrateStrategy multiregion:Multiregion parameterized:ParameterizedJobConfig periodic:PeriodicConfig reschedule:ReschedulePolicy ui:JobUIConfig update:UpdateStrategy vault:Vault',
  JobUIConfig: 'text description; many link:JobUILink',
  JobUILink: 'text label url',
  LogConfig: 'bool disabled enabled; number max_file_size max_files',
  MigrateStrategy: 'text health_check; duration healthy_deadline min_healthy_time; number max_parallel',
  Multiregion: 'many region:MultiregionRegion; one strategy:MultiregionStrategy',
  MultiregionRegion: 'label; number count; texts datacenters; text node_pool; free meta',
  MultiregionStrategy: 'number max_parallel; text on_failure',
  NUMAResource: 'text affinity; texts devices',
  NetworkResource:
    'text cidr device hostname ip mode; number mbits; one cni:CNIConfig dns:DNSConfig; many port:Port reserved_ports:Port',
  ParameterizedJobConfig: 'texts meta_optional meta_required; text payload',
  PeriodicConfig: 'text cron time_zone; texts crons; bool enabled prohibit_overlap',
  Port: 'label; text host_network; bool ignore_collision; number static to',
  RequestedDevice: 'label; number count; many affinity:Affinity constraint:Constraint',
  ReschedulePolicy: 'number attempts; duration delay interval max_delay; text delay_function; bool unlimited',
  Resources:
    'number cores cpu disk iops memory memory_max secrets; many device:RequestedDevice network:NetworkResource; one numa:NUMAResource',
  RestartPolicy: 'number attempts; duration delay interval; text mode; bool render_templates',
  ScalingPolicy: 'bool enabled; number max min; text type; free policy',
  Secret: 'label name; text path provider; free config env',
  Service:
    'text address address_mode cluster id kind name on_update port provider task; texts canary_tags tags; bool enable_tag_override; free canary_meta meta tagged_addresses; many check:ServiceCheck; one check_restart:CheckRestart connect:ConsulConnect identity:WorkloadIdentity weights:ServiceWeights',
  ServiceCheck:
    'text address_mode advertise body command grpc_service id initial_status method name notes on_update path port protocol task tls_server_name type; texts args; bool expose grpc_use_tls tls_skip_verify; number failures_before_critical failures_before_warning success_before_passing; duration interval timeout; one check_restart:CheckRestart; free header',
  ServiceWeights: 'number passing warning',
  SidecarTask:
    'text driver kill_signal name user; duration kill_timeout shutdown_delay; free config env meta; many identity:WorkloadIdentity volume_mount:VolumeMount; one logs:LogConfig resources:Resources',
  Spread: 'text attribute; number weight; many target:SpreadTarget',
  SpreadTarget: 'label; number percent',
  Task: 'label name; text driver kill_signal kind user; map env meta; duration kill_timeout shutdown_delay; bool leader; many action:Action affinity:Affinity artifact:TaskArtifact constraint:Constraint identity:WorkloadIdentity scaling:TaskScaling secret:Secret service:Service template:Template volume_mount:VolumeMount; free config env meta; one consul:Consul csi_plugin:TaskCSIPluginConfig dispatch_payload:DispatchPayloadConfig lifecycle:TaskLifecycle logs:LogConfig resources:Resources restart:RestartPolicy schedule:TaskSchedule vault:Vault',
  TaskArtifact: 'bool chown insecure; text destination mode source; free headers options',
  TaskCSIPluginConfig: 'duration health_timeout; text id mount_dir stage_publish_base_dir type',
  TaskGroup:
    'label name; number count; duration max_client_disconnect max_run_duration shutdown_delay stop_after_client_disconnect; map meta; bool prevent_reschedule_on_lost; many affinity:Affinity constraint:Constraint network:NetworkResource secret:Secret service:Service spread:Spread task:Task volume:VolumeRequest; one consul:Consul disconnect:DisconnectStrategy ephemeral_disk:EphemeralDisk migrate:MigrateStrategy reschedule:ReschedulePolicy restart:RestartPolicy scaling:ScalingPolicy update:UpdateStrategy vault:Vault; free meta',
  TaskLifecycle: 'text hook; bool sidecar',
  TaskScaling: 'label name; bool enabled; number max min; text type; free policy',
  TaskSchedule: 'one cron:TaskScheduleCron',
  TaskScheduleCron: 'text end start timezone',
  Template:
    'text change_mode change_signal data destination left_delimiter perms right_delimiter source; bool env error_on_missing_key once; number gid uid; duration splay vault_grace; one change_script:ChangeScript wait:WaitConfig',
  UpdateStrategy:
    'bool auto_promote auto_revert; number canary max_parallel; text health_check; duration healthy_deadline min_healthy_time progress_deadline stagger',
  Vault:
    'bool allow_token_expiration disable_file env; text change_mode change_signal cluster namespace role; texts policies',
  VolumeMount: 'text destination propagation_mode selinux_label volume; bool read_only',
  VolumeRequest:
    'label name; text access_mode attachment_mode source type; bool per_alloc read_only sticky; one mount_options:CSIMountOptions',
  WaitConfig: 'duration max min',
  WorkloadIdentity:
    'texts aud extra_claims; text change_mode change_signal filepath name service_name; bool env file; duration ttl',
}
