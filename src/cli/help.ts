/** What `--help` prints: plain text, so that it costs no more than starting Node. */
export const help = `nomad-netdoctor: why can A not reach B on Nomad, and what do I change?

  nomad-netdoctor [--case DIR]                   the terminal interface
  nomad-netdoctor diagnose --from A --to B       one diagnosis, with evidence and fix
  nomad-netdoctor path --from A --to B           the way of the packet, hop by hop
  nomad-netdoctor check [--job J | --node N]     every known fault, without a question
  nomad-netdoctor lint FILE...                   the same for job files, without a cluster
  nomad-netdoctor faults [ID | WORDS | ERROR]    the library of faults
  nomad-netdoctor capture -o DIR --from A --to B write a case from a live cluster

A and B: JOB/GROUP/TASK, JOB/GROUP, JOB, an allocation id, service:NAME, node:NAME,
outside or outside:ADDRESS; NAMESPACE: in front where it is not the default one.
A cluster is found by NOMAD_ADDR and the other usual variables; --case DIR answers
from a recorded case instead. COMMAND --help lists the flags of a command.

  -h, --help      this text        -v, --version   the version

Exit codes: 0 nothing wrong found, 1 a diagnosis, 2 wrong usage or unreadable input,
3 undetermined, 130 interrupted. Nothing on your cluster or machines is changed.`
