# The first task writes the names into a certificate; it asks nobody.
job "directory" {
  group "directory" {
    network {
      port "ldap" {
        static = 389
      }
    }

    task "certificate" {
      driver = "docker"

      lifecycle {
        hook = "prestart"
      }

      config {
        image = "registry.example/certificates:1"
      }

      env {
        SSL_DNS = "ldaps.service.consul,ldap.service.consul"
      }
    }

    task "server" {
      driver = "docker"

      service {
        name = "ldap"
        port = "ldap"
      }

      config {
        image        = "registry.example/openldap:2.6"
        network_mode = "host"
      }
    }
  }
}
