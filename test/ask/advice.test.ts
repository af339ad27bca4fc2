import { expect, it } from 'vitest'
import { adviceOf, knownAdvice } from '../../src/ask/advice.ts'

it.each([
  ['http://a:4646', 'no answer: connection refused: connect ECONNREFUSED 10.0.0.1:4646', /NOMAD_ADDR/],
  ['http://a:4646', 'HTTP 400: Client sent an HTTP request to an HTTPS server.', /https:/],
  ['https://a:4646', 'no answer: unable to verify the first certificate (UNABLE_TO_VERIFY_LEAF_SIGNATURE)', /CACERT/],
  ['https://a:4646', 'no answer: … is not in the cert list (ERR_TLS_CERT_ALTNAME_INVALID)', /TLS_SERVER_NAME/],
  ['https://a:4646', 'no answer: certificate has expired (CERT_HAS_EXPIRED)', /new certificate/],
  ['https://a:4646', 'no answer: other side closed (UND_ERR_SOCKET)', /CLIENT_CERT/],
  ['http://a:4646', 'no answer: other side closed (UND_ERR_SOCKET)', /NOMAD_ADDR/],
  ['https://a:4646', 'no answer: SSL routines:ssl3_get_record:wrong version number', /http:/],
  ['http://a:4646', 'HTTP 500: No path to region', /--region/],
  ['http://a:4646', 'HTTP 429: rate limited', /in a moment/],
  ['http://a:4646', 'HTTP 502: Bad Gateway', /another one/],
  ['http://a:4646', 'an HTML page instead of an answer', /login/],
])('%s, %s', (where, said, advice) => expect(adviceOf(where, said)).toMatch(advice))

it.each([
  ['http://a:8500', 'HTTP 400: Client sent an HTTP request to an HTTPS server.', /CONSUL_HTTP_SSL=true/],
  [
    'https://a:8501',
    'no answer: unable to verify the first certificate (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    /CONSUL_CACERT/,
  ],
  ['https://a:8501', 'no answer: … is not in the cert list (ERR_TLS_CERT_ALTNAME_INVALID)', /CONSUL_TLS_SERVER_NAME/],
  ['https://a:8501', 'no answer: certificate has expired (CERT_HAS_EXPIRED)', /new certificate/],
  ['https://a:8501', 'no answer: other side closed (UND_ERR_SOCKET)', /CONSUL_CLIENT_CERT/],
])('Consul at %s: %s', (where, said, advice) => expect(knownAdvice('consul', where, said)).toMatch(advice))
it('nothing is advised about a Consul that is merely away', () =>
  expect(
    ['no answer: connection refused', 'HTTP 500: No cluster leader'].map((said) =>
      knownAdvice('consul', 'http://a:8500', said),
    ),
  ).toEqual([undefined, undefined]))
