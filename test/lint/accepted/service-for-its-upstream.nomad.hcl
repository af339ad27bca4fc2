# A service with the number of its upstream, which is there for its sidecar alone: nothing else listens on 3306.
job "shop" {
  group "shop" {
    network {
      mode = "bridge"

      port "http" {
        to = 80
      }
    }

    service {
      name = "shop-database"
      port = "3306"

      connect {
        sidecar_service {
          proxy {
            upstreams {
              destination_name = "mariadb"
              local_bind_port  = 3306
            }
          }
        }
      }
    }

    task "shop" {
      driver = "docker"

      config {
        image = "registry.example/shop:8"
        ports = ["http"]
      }
    }
  }
}
