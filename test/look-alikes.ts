/**
 * Faults that look alike from outside, and by what they are told apart. Each pair is proven both ways: where the one is,
 * the other is not.
 */
export interface Group {
  /** What a person sees of all of them. */
  readonly seen: string
  /** What tells them apart. */
  readonly by: string
  readonly pairs: readonly (readonly [string, string])[]
}

export const lookAlikes: readonly Group[] = [
  {
    seen: 'the allocation fails without any event of a task',
    by: "the client's own words in ClientDescription",
    pairs: [
      ['driver-does-not-support-mode', 'two-network-initiators'],
      ['cni-conf-removed-stale-node', 'driver-does-not-support-mode'],
      ['cni-conf-removed-stale-node', 'two-network-initiators'],
    ],
  },
  {
    seen: 'the allocation fails at Setup Failure, pre-run hook "network"',
    by: 'the last words of the event',
    pairs: [
      ['infra-image-unavailable', 'netns-create-failed'],
      ['infra-image-unavailable', 'bridge-setup-generic-failure'],
      ['netns-stale-after-reboot', 'ipam-leak-reboot'],
      ['ipam-exhausted', 'ipam-leak-reboot'],
      ['ipam-exhausted', 'bridge-config-invalid'],
      ['cni-plugin-missing', 'cni-plugin-not-runnable'],
      ['cni-plugin-missing', 'cni-spec-version-mismatch'],
      ['cni-plugin-not-runnable', 'iptables-permission'],
      ['cni-retry-masks-error', 'iptables-binary-missing'],
      ['iptables-binary-missing', 'iptables-permission'],
      ['iptables-match-missing', 'iptables-nft-unrepresentable'],
      ['ipv6-disabled-host', 'bridge-config-invalid'],
      ['bridge-setup-generic-failure', 'iptables-permission'],
    ],
  },
  {
    seen: 'bridge or CNI jobs are not placed',
    by: 'the constraint the evaluation names, and what the clients offer',
    pairs: [
      ['cni-plugins-not-fingerprinted', 'cni-plugin-missing'],
      ['cni-plugins-not-fingerprinted', 'missing-network'],
      ['cni-plugins-not-fingerprinted', 'bridge-module-undetected'],
      ['cni-conf-wrong-extension', 'cni-network-not-on-node'],
      ['cni-network-not-on-node', 'cni-name-uppercase'],
      ['mode-typo-or-case', 'cni-name-uppercase'],
      ['missing-host-network', 'no-addresses-for-host-network'],
      ['reserved-port-collision', 'dynamic-ports-exhausted'],
    ],
  },
  {
    seen: 'a docker task does not start',
    by: "docker's own words in the event, and who holds the port",
    pairs: [
      ['docker-ports-unknown-label', 'docker-port-map-with-group-ports'],
      ['static-port-taken-outside-nomad', 'port-still-held-by-stopping-alloc'],
      ['static-port-taken-outside-nomad', 'privileged-port-denied'],
      ['static-port-taken-outside-nomad', 'reserved-port-collision'],
      ['same-group-port-clash', 'static-port-taken-outside-nomad'],
      ['docker-dns-options-in-bridge', 'docker-hostname-in-bridge'],
      ['bind-to-host-ip-inside-netns', 'privileged-port-denied'],
    ],
  },
  {
    seen: 'the task runs, and its port is refused',
    by: 'the sockets in its namespace, then who maps the port',
    pairs: [
      ['app-ignores-assigned-port', 'wrong-to-port'],
      ['app-ignores-assigned-port', 'to-without-mapper'],
      ['wrong-to-port', 'to-without-mapper'],
      ['app-binds-loopback-only', 'wrong-to-port'],
      ['app-binds-loopback-only', 'app-ignores-assigned-port'],
      ['docker-ports-not-listed', 'docker-host-mode-discards-ports'],
      ['docker-ports-not-listed', 'app-binds-loopback-only'],
      ['bridge-no-port-block', 'hostip-family-mismatch'],
      ['numeric-service-port-not-mapped', 'wrong-to-port'],
    ],
  },
  {
    seen: 'one address of the client answers, and another does not',
    by: 'refused or timed out, host_network blocks, and what docker publishes on',
    pairs: [
      ['host-network-disables-wildcard', 'route-localnet-off'],
      ['route-localnet-off', 'hostport-masq-jump-missing'],
      ['host-network-disables-wildcard', 'hostport-masq-jump-missing'],
      ['dev-agent-loopback', 'host-network-disables-wildcard'],
      ['published-on-one-ip-only', 'host-network-disables-wildcard'],
    ],
  },
  {
    seen: 'host ports are refused although the task listens',
    by: 'what is left in the nat table, and whose rule matches first',
    pairs: [
      ['cni-no-portmap', 'nat-flushed'],
      ['nat-flushed', 'ruleset-flushed'],
      ['nat-flushed', 'prerouting-or-output-jump-missing'],
      ['notrack', 'nat-flushed'],
      ['hostip-family-mismatch', 'cni-no-portmap'],
      ['stale-dnat-first-match', 'hostport-claimed-by-other'],
      ['udp-stale-conntrack', 'stale-dnat-first-match'],
      ['bridge-hairpin-self', 'nat-flushed'],
      ['bridge-hairpin-self', 'app-binds-loopback-only'],
    ],
  },
  {
    seen: 'connections from other machines time out',
    by: 'the first rule, policy or kernel setting that stops a forwarded packet',
    pairs: [
      ['forward-jump-missing', 'nomad-admin-rule-missing'],
      ['forward-jump-missing', 'forward-reject-before-cni'],
      ['docker-user-drop', 'forward-reject-before-cni'],
      ['nft-base-chain-drop', 'forward-jump-missing'],
      ['iptables-backend-split', 'nft-base-chain-drop'],
      ['custom-cni-inbound-dropped', 'nomad-admin-rule-missing'],
      ['host-input-drop', 'forward-jump-missing'],
      ['ip-forward-off', 'iface-forwarding-off'],
      ['ip-forward-off', 'forward-jump-missing'],
      ['rp-filter-strict', 'ip-forward-off'],
      ['masquerade-missing', 'nat-flushed'],
      ['node-to-node-blocked', 'docker-user-drop'],
      ['node-to-node-blocked', 'nomad-admin-rule-missing'],
      ['pmtu-blackhole', 'node-to-node-blocked'],
      ['alloc-ip-used-off-node', 'node-to-node-blocked'],
    ],
  },
  {
    seen: '"No route to host", or nothing at all reaches the allocation',
    by: 'the namespace, its link, the bridge, its address, and the subnets around',
    pairs: [
      ['veth-down', 'veth-detached'],
      ['veth-down', 'bridge-down'],
      ['bridge-down', 'bridge-address-missing'],
      ['bridge-address-missing', 'bridge-subnet-changed-live'],
      ['cni-bridge-not-gateway', 'bridge-address-missing'],
      ['alloc-eth0-missing', 'alloc-default-route-missing'],
      ['alloc-eth0-missing', 'veth-down'],
      ['alloc-default-route-missing', 'cni-no-default-route'],
      ['subnet-overlap-vpn', 'host-nic-inside-bridge-subnet'],
      ['task-in-other-namespace', 'alloc-eth0-missing'],
    ],
  },
  {
    seen: 'refused on localhost',
    by: 'the namespace the call is made in, and whether an upstream declares that port',
    pairs: [
      ['cross-group-localhost', 'connect-upstream-missing'],
      ['cross-group-localhost', 'colocation-assumption'],
      ['same-group-not-shared-netns', 'cross-group-localhost'],
      ['same-group-not-shared-netns', 'sibling-not-up-yet'],
    ],
  },
  {
    seen: 'a connection through the mesh is reset, or answered with 503',
    by: "intentions, instances that pass, then the port of the destination's proxy",
    pairs: [
      ['connect-intention-denied', 'connect-named-port'],
      ['connect-intention-denied', 'connect-destination-unhealthy'],
      ['connect-named-port', 'connect-destination-unhealthy'],
      ['connect-upstream-missing', 'connect-named-port'],
      ['connect-intention-denied', 'protocol-mismatch'],
    ],
  },
  {
    seen: 'an address variable is empty',
    by: 'the catalogue that was asked, namespace, data centre and tag, then checks, then the template itself',
    pairs: [
      ['template-wrong-catalog', 'nsd-cross-namespace'],
      ['template-wrong-catalog', 'consul-tag-mismatch'],
      ['consul-datacenter-mismatch', 'consul-tag-mismatch'],
      ['consul-service-critical-filtered', 'consul-tag-mismatch'],
      ['nsd-registration-missing', 'nsd-stale-registration'],
      ['template-env-key-overwritten', 'template-empty-range-starts'],
      ['template-env-parse-error', 'template-env-precedence'],
      ['template-env-noop', 'template-env-precedence'],
      ['template-missing-dependency', 'template-self-dependency'],
      ['nsd-servers-unreachable', 'nsd-template-permission-denied'],
      ['template-consul-no-identity', 'template-consul-unreachable'],
    ],
  },
  {
    seen: 'a job with a Consul service is not placed',
    by: 'whether clients report Consul, whether anybody wanted it, and its version',
    pairs: [
      ['implicit-consul-provider', 'consul-agent-not-fingerprinted'],
      ['consul-agent-not-fingerprinted', 'consul-version-too-old'],
      ['consul-agent-not-fingerprinted', 'consul-agent-acl-no-agent-read'],
      ['consul-fingerprint-stale', 'consul-agent-not-fingerprinted'],
      ['nsd-client-disabled', 'nsd-checks-old-client'],
      ['connect-grpc-disabled', 'tproxy-consul-cni-missing'],
    ],
  },
  {
    seen: 'a service is not in Consul',
    by: "the agent's log, and at which Consul agent it is",
    pairs: [
      ['consul-registration-denied', 'consul-token-expired-ttl'],
      ['consul-shared-agent-flapping', 'consul-address-differs'],
      ['consul-stale-service', 'consul-service-critical-filtered'],
    ],
  },
  {
    seen: 'the registered address cannot be reached',
    by: 'the address itself: empty, loopback, of the bridge, or of an allocation that is gone',
    pairs: [
      ['loopback-address-registered', 'address-mode-alloc-remote'],
      ['address-mode-alloc-remote', 'alloc-ip-used-off-node'],
      ['nsd-literal-port-empty-address', 'service-address-none-reachable'],
      ['nsd-stale-registration', 'nsd-unhealthy-returned'],
    ],
  },
  {
    seen: 'a name does not resolve',
    by: 'the name servers of the task, whether they answer, and what the client itself gets',
    pairs: [
      ['dns-loopback-resolver', 'dns-port-8600'],
      ['dns-loopback-resolver', 'dns-consul-not-forwarded'],
      ['dns-port-8600', 'dns-servers-replace-host'],
      ['dns-servers-replace-host', 'dns-consul-not-forwarded'],
      ['dns-consul-not-forwarded', 'consul-dns-acl-empty'],
      ['consul-dns-a-not-srv', 'dns-consul-not-forwarded'],
    ],
  },
]
