# docker buildx bake -f services/docker-bake.hcl [cpu] [cuda] [--push]
variable "REPOSITORY" { default = "diffusion-mesh" }
variable "TAG" { default = "0.1.0" }

group "default" { targets = ["cpu"] }

target "cpu" {
  name       = component
  matrix     = { component = ["orchestrator", "text-encoder", "unet", "vae", "cli"] }
  dockerfile = "services/Dockerfile"
  target     = component
  tags       = ["${REPOSITORY}/${component}:${TAG}"]
}

target "cuda" {
  name       = "${component}-cuda"
  matrix     = { component = ["text-encoder", "unet", "vae"] }
  dockerfile = "services/Dockerfile"
  target     = component
  args       = { ACCELERATOR = "cuda" }
  tags       = ["${REPOSITORY}/${component}:${TAG}-cuda"]
}
