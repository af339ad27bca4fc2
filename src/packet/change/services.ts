/** Names of ports that /etc/services has on every machine; iptables and nft read them there, and print numbers. */
const services: Readonly<Record<string, number>> = {
  'ftp-data': 20,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  kerberos: 88,
  pop3: 110,
  sunrpc: 111,
  ntp: 123,
  imap2: 143,
  snmp: 161,
  'snmp-trap': 162,
  bgp: 179,
  ldap: 389,
  https: 443,
  'microsoft-ds': 445,
  submissions: 465,
  syslog: 514,
  submission: 587,
  ldaps: 636,
  'domain-s': 853,
  rsync: 873,
  imaps: 993,
  pop3s: 995,
  'ms-sql-s': 1433,
  nfs: 2049,
  mysql: 3306,
  postgresql: 5432,
  amqps: 5671,
  amqp: 5672,
  'http-alt': 8080,
}

/** A port as a number, where it is one of the names above. */
export const portOf = (word: string): string => (Object.hasOwn(services, word) ? String(services[word]) : word)

/** The same for ranges and lists: `ssh:http`, `http,https`; of a name with a hyphen, the whole is looked at first. */
export const portsOf = (text: string): string => text.replaceAll(/[^:,]+/g, portOf)
