/** What is changed of the client's bridge and its ports, as `ip` or `bridge` takes it. */
export const bridgeLines = [
  'link set nomad type bridge nf_call_iptables 1',
  'link set nomad type bridge nf_call_iptables 1',
  'link set nomad type bridge nf_call_ip6tables 1',
  'link set nomad down',
  'link set vetha1 down',
  'link set vetha1 nomaster',
  'link set vetha2 nomaster',
  'link set vetha1 type bridge_slave hairpin on',
  'link set vetha1 type bridge_slave hairpin on',
  'link set vetha1 type bridge_slave isolated on',
  'link set vetha2 type bridge_slave isolated on',
  'link set vetha1 type bridge_slave flood off',
  'link set vetha1 type bridge_slave bcast_flood off',
  'link set vetha1 type bridge_slave learning off flood off fdb_flush',
  'link set vetha2 type bridge_slave learning off flood off fdb_flush',
  // Frames for an allocation go to its port, or to that of the other one.
  'bridge fdb replace {a1 eth0} dev vetha1 master static',
  'bridge fdb replace {a1 eth0} dev vetha2 master static',
  'bridge fdb replace {a2 eth0} dev vetha1 master static sticky',
] as const
