# A template with delimiters of its own, and one that is mounted by its path below the folder of the task.
job "wiki" {
  group "wiki" {
    network {
      mode = "bridge"

      port "http" {
        to = 8080
      }
    }

    task "wiki" {
      driver = "docker"

      config {
        image   = "registry.example/wiki:2"
        ports   = ["http"]
        volumes = ["rules.yml:/etc/wiki/rules.yml:ro"]
      }

      template {
        destination     = "local/wiki.env"
        env             = true
        left_delimiter  = "[%"
        right_delimiter = "%]"

        data = <<-EOT
          [% with nomadVar "nomad/jobs/wiki" %]
          SECRET="[% .secret %]"
          [% end %]
          LISTEN=0.0.0.0:[% env "NOMAD_PORT_http" %]
          GREETING="{{ name }}"
        EOT
      }

      template {
        destination = "rules.yml"
        data        = "rules: []\n"
      }
    }
  }
}
