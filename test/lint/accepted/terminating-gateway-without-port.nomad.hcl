# The servers give the service of a terminating gateway a port; its check dials that one.
job "egress" {
  group "egress" {
    network {
      mode = "bridge"
    }

    service {
      name = "egress"

      check {
        type     = "tcp"
        interval = "10s"
        timeout  = "2s"
      }

      connect {
        gateway {
          proxy {}

          terminating {
            service {
              name = "billing-legacy"
            }
          }
        }
      }
    }
  }
}
