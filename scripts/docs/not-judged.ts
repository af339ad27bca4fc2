/** Entries of the catalogue that no fault is made of, each with the reason. */
export const notJudged: Readonly<Record<string, string>> = {
  'bridge-subnet-reachable-from-lan':
    'Nothing is broken: ports that nobody published can be reached from the LAN by a route. A note on security.',
  'cloud-source-check':
    'The drop happens in the network of the cloud, which cannot be read; what leads there, a source that is not translated, is `masquerade-missing` or `cni-no-masquerade`.',
  'cni-attr-from-other-dir':
    'Needs the version each plug-in file prints; no program of the client is run for that, since a plug-in is foreign code.',
  'cni-cache-lost': 'Without effect on traffic; only rules of ended allocations stay behind.',
  'cni-check-false-failure':
    'Needs the folder of results that libcni keeps; the failing check itself is found in the log by its text.',
  'cni-check-skipped':
    'Needs what the agent does at its restart; a network that is broken after it is found by what is missing (`alloc-eth0-missing`, `veth-detached`).',
  'cni-version-unparsable':
    'Needs the version each plug-in file prints, as for `cni-attr-from-other-dir`; that the client has no attribute is `cni-plugin-missing`.',
  'dns-host-mode':
    'No fault: in host mode a loopback resolver is right, and `dns-loopback-resolver` says nothing there.',
  'dns-search-ndots':
    'Folklore without a measured case: whether a search list is wrong depends on the names an operator means.',
  'docker-iptables-or-proxy-disabled':
    'Folklore; a port that docker does not publish is found by the packet walk, whatever the setting.',
  'docker28-direct-drop':
    'The rule is found by the packet walk and named by `rule-drops-packet`, with its text and how to remove it.',
  'ephemeral-exhausted': 'Shows only while it lasts, in counts for each destination that no single look can judge.',
  'firewalld-flush':
    'How rules came to be missing; that they are is `ruleset-flushed`, `nat-flushed` or `forward-jump-missing`.',
  'fleet-drift': 'A comparison of clients, not a fault: which of the differences matters is what the other faults say.',
  'forwarded-traffic-sysctl-note': 'Context only, by the catalogue itself.',
  'gateway-config-entry-denied':
    'Printed when a job is submitted, before anything of it can be read; the text of Consul leads to `consul-registration-denied`.',
  'host-header-no-match': 'About the content of HTTP, which is not read; the connection itself works.',
  'invalid-leak': 'Rare packets of busy clients; nothing that can be read tells it from a healthy client.',
  'lb-healthcheck-fails-host-routing':
    'About the content of HTTP and the settings of a load balancer, which are not read.',
  'networkd-nm-interference':
    'Who changed a device; what was changed is found as `bridge-down`, `veth-detached` or `iface-forwarding-off`.',
  'no-listener-is-normal': 'No fault by its own text: it must not be reported.',
  'reply-via-vpn': 'The answer is followed by the packet walk, policy rules included, and where it is lost is said.',
  'rules-restored-from-snapshot':
    'Where old rules came from; the rules are `stale-dnat-first-match`. Files of a boot script are not read.',
  'system-job-update-gap': 'Inherent to a system job with a static port, and over when somebody looks.',
  'template-rendezvous-rehash': 'A one-time effect of an upgrade, over when somebody looks.',
  'wrong-address-on-right-interface':
    'Which of several addresses was meant is not written anywhere; one that peers cannot reach is `hostip-not-routable-for-peer`.',
}
