variable "ports" {
  type = list(string)
}

variable "image" {
  type = string
}

job "web" {
  group "api" {
    network {
      mode = "bridge"
      port "admin" {
        static = 9000
      }
      dynamic "port" {
        for_each = var.ports
        labels   = [port.value]
        content {
          to = 8080
        }
      }
    }

    service {
      provider = "nomad"
      port     = "htpp"
    }

    task "server" {
      driver = "docker"
      config {
        image    = var.image
        hostname = "api"
      }
    }
  }
}
