/** What a connection said, and what to set about it; the first row that fits wins. */
const rows: readonly (readonly [said: RegExp, advice: string])[] = [
  [/CERT_HAS_EXPIRED/, 'The server needs a new certificate; --tls-skip-verify looks all the same.'],
  [/ALTNAME_INVALID/, 'Set NOMAD_TLS_SERVER_NAME or --tls-server-name to the name in it, such as server.global.nomad.'],
  [
    /UNABLE_TO_(VERIFY|GET_ISSUER)|SELF_SIGNED/,
    'Set NOMAD_CACERT or --ca-cert to the certificate of the authority that signed it.',
  ],
  [/HTTP request to an HTTPS server/, 'The address must begin with https://.'],
  [/wrong version number|packet length too long|ERR_SSL_WRONG_VERSION/, 'The address must begin with http://.'],
  [
    /^(?=.*https:).*(other side closed|ECONNRESET|handshake failure|certificate.required|bad.certificate)/i,
    'Where the server asks for a client certificate, set NOMAD_CLIENT_CERT and NOMAD_CLIENT_KEY (--client-cert, --client-key).',
  ],
]

/** How a Nomad server that does not answer at `where` could be reached, told from what was said instead of an answer. */
export function adviceOf(where: string, said: string): string {
  const known = rows.find(([pattern]) => pattern.test(`${where} ${said}`))
  return known?.[1] ?? 'Set NOMAD_ADDR or --address.'
}
