# Each of two tasks names a port of its own network http: nomad job validate accepts it, with a warning.
job "catalogue" {
  group "catalogue" {
    task "api" {
      driver = "docker"

      config {
        image    = "registry.example/catalogue:3"
        port_map = { http = 80 }
      }

      resources {
        network {
          port "http" {}
        }
      }
    }

    task "admin" {
      driver = "docker"

      config {
        image    = "registry.example/catalogue-admin:3"
        port_map = { http = 8081 }
      }

      resources {
        network {
          port "http" {}
        }
      }
    }
  }
}
