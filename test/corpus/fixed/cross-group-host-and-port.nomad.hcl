job "ledger" {
  group "db" {
    network {
      mode = "bridge"
      port "postgres" {
        to = 5432
      }
    }

    service {
      name     = "ledger-db"
      provider = "nomad"
      port     = "postgres"
    }

    task "postgres" {
      driver = "docker"

      config {
        image = "postgres:16"
        ports = ["postgres"]
      }
    }
  }

  group "api" {
    network {
      mode = "bridge"
      port "http" {
        to = 8080
      }
    }

    service {
      name     = "ledger-api"
      provider = "nomad"
      port     = "http"
    }

    task "api" {
      driver = "docker"

      config {
        image = "registry.corp.example/ledger/api:4.1"
        ports = ["http"]
      }

      env {
        PORT       = "8080"
        PGDATABASE = "ledger"
      }

      template {
        destination = "local/pghost.env"
        env         = true
        data        = <<-EOT
          {{- range nomadService 1 (env "NOMAD_ALLOC_ID") "ledger-db" }}
          PGHOST={{ .Address }}
          PGPORT={{ .Port }}
          {{- end }}
        EOT
      }
    }
  }
}
