# Docker starts a container that joins another one's network namespace, whatever aliases and addresses it is given.
job "watcher" {
  group "watcher" {
    network {
      mode = "bridge"

      port "http" {
        to = 5000
      }
    }

    task "watcher" {
      driver = "docker"

      config {
        image           = "registry.example/watcher:1"
        ports           = ["http"]
        network_aliases = ["watcher"]
      }
    }
  }
}
