# A health check of oneself on loopback, under a number that another group happens to have.
job "desk" {
  group "desk" {
    network {
      mode = "bridge"

      port "http" {
        to = 80
      }
    }

    task "desk" {
      driver = "docker"

      config {
        image = "registry.example/desk:1"
        ports = ["http"]
      }

      env {
        HEALTH_URL = "http://localhost:8081/health"
      }
    }
  }

  group "reports" {
    network {
      mode = "bridge"

      port "http" {
        to = 8081
      }
    }

    task "reports" {
      driver = "docker"

      config {
        image = "registry.example/reports:1"
        ports = ["http"]
      }
    }
  }
}
