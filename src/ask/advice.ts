type Api = 'nomad' | 'consul'

/** What a connection said, and what to set about it, by API; the first row that fits wins. */
const rows: readonly (readonly [said: RegExp, advice: Readonly<Partial<Record<Api, string>>>])[] = [
  [
    /CERT_HAS_EXPIRED/,
    {
      nomad: 'The server needs a new certificate; --tls-skip-verify looks all the same.',
      consul: 'The server needs a new certificate; CONSUL_HTTP_SSL_VERIFY=false looks all the same.',
    },
  ],
  [
    /ALTNAME_INVALID/,
    {
      nomad: 'Set NOMAD_TLS_SERVER_NAME or --tls-server-name to the name in it, such as server.global.nomad.',
      consul: 'Set CONSUL_TLS_SERVER_NAME to the name in it, such as server.dc1.consul.',
    },
  ],
  [
    /UNABLE_TO_(VERIFY|GET_ISSUER)|SELF_SIGNED/,
    {
      nomad: 'Set NOMAD_CACERT or --ca-cert to the certificate of the authority that signed it.',
      consul: 'Set CONSUL_CACERT to the certificate of the authority that signed it.',
    },
  ],
  [
    /HTTP request to an HTTPS server/,
    {
      nomad: 'The address must begin with https://.',
      consul: 'Set CONSUL_HTTP_SSL=true, or begin the address with https://.',
    },
  ],
  [
    /wrong version number|packet length too long|ERR_SSL_WRONG_VERSION/,
    {
      nomad: 'The address must begin with http://.',
      consul: 'Unset CONSUL_HTTP_SSL, or begin the address with http://.',
    },
  ],
  [
    /^(?=.*https:).*(other side closed|ECONNRESET|handshake failure|certificate.required|bad.certificate)/i,
    {
      nomad:
        'Where the server asks for a client certificate, set NOMAD_CLIENT_CERT and NOMAD_CLIENT_KEY (--client-cert, --client-key).',
      consul: 'Where the server asks for a client certificate, set CONSUL_CLIENT_CERT and CONSUL_CLIENT_KEY.',
    },
  ],
  [/No path to region/i, { nomad: 'NOMAD_REGION or --region names no region that the servers know.' }],
  [/HTTP 429/, { nomad: 'The server takes no more requests from here for now: try again in a moment.' }],
  [/HTTP 5\d\d/, { nomad: 'The server, or a proxy in front of it, is in trouble: NOMAD_ADDR may name another one.' }],
  [/an HTML page/, { nomad: 'NOMAD_ADDR must name a Nomad agent, not a page that asks for a login.' }],
]

/** How a server that does not answer at `where` could be reached, told from what was said instead of an answer. */
export function knownAdvice(api: Api, where: string, said: string): string | undefined {
  return rows.find(([pattern]) => pattern.test(`${where} ${said}`))?.[1][api]
}

/** The same for Nomad, which is always worth another address. */
export const adviceOf = (where: string, said: string): string =>
  knownAdvice('nomad', where, said) ?? 'Set NOMAD_ADDR or --address.'
