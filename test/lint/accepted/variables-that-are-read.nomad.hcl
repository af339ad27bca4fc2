# The rendered file holds a comment, which asks for nothing, and a password that may stay as it was at the start.
job "shortener" {
  group "shortener" {
    network {
      mode = "bridge"

      port "redis" {
        to = 6379
      }
    }

    task "redis" {
      driver = "docker"

      config {
        image = "redis:7"
        ports = ["redis"]
      }
    }

    task "shortener" {
      driver = "docker"

      config {
        image = "registry.example/shortener:1"
      }

      template {
        destination = "secrets/shortener.env"
        env         = true
        change_mode = "noop"

        data = <<-EOT
          #REDIS_HOST={{ env "NOMAD_IP_redis" }}
          REDIS_HOST=127.0.0.1
          GREETING="it's"
          PASSWORD={{ with nomadVar "nomad/jobs/shortener" }}{{ .password }}{{ end }}
        EOT
      }
    }
  }
}
