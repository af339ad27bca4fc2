/** What `--help` prints: plain text, so that it costs no more than starting Node. */
export const help = `nomad-netdoctor: why can A not reach B on Nomad, and what do I change?

  nomad-netdoctor                                the terminal interface
  nomad-netdoctor diagnose --from A --to B       one diagnosis, with evidence and fix
  nomad-netdoctor check [--job J | --node N]     every known fault, without a question
  nomad-netdoctor path --from A --to B           the packet's way only
  nomad-netdoctor lint FILE...                   job and agent files, without a cluster
  nomad-netdoctor faults [ID | WORDS]            the library of faults

  -h, --help      this text        -v, --version   the version`
