# The sidecar dials the host port on the address of the client, where it is published.
job "apidb" {
  group "apidb" {
    network {
      mode = "bridge"

      port "db" {
        to = 5432
      }
    }

    service {
      name = "apidb"
      port = "db"

      connect {
        sidecar_service {
          proxy {
            local_service_address = "${attr.unique.network.ip-address}"
          }
        }
      }
    }

    task "postgres" {
      driver = "docker"

      config {
        image = "postgres:16"
        ports = ["db"]
      }
    }
  }
}
