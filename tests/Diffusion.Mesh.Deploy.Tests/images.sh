#!/usr/bin/env bash
# Builds the images of services/Dockerfile where no registry can be reached, and makes a picture with their containers:
#   images.sh [FOLDER]   (default: a temporary one; give one to keep the base for the next run)
# The base images are Debian from debootstrap with this machine's .NET put in. Needs root, debootstrap, buildah, podman and runc
# (Debian: apt-get install debootstrap buildah podman runc), the .NET SDK, and a solution that was built before: its packages are used.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=${1:-$(mktemp -d)}
mkdir -p "$work"
work=$(realpath "$work")
[ $# -gt 0 ] || trap 'rm -rf "$work"' EXIT
dotnet=$(dirname "$(realpath "$(command -v dotnet)")")
# Builds run as root, whose home is the same in the base.
root_home=~root
node_modules=services/StandIns/Microsoft.ML.OnnxRuntime/node_modules

# A storage of its own: nothing of the machine's images is used or changed.
export CONTAINERS_STORAGE_CONF=$work/storage.conf
cat > "$CONTAINERS_STORAGE_CONF" <<EOF
[storage]
driver = "overlay"
graphroot = "$work/storage"
runroot = "$work/run"
EOF
export BUILDAH_ISOLATION=chroot

if [ ! -d "$work/debian" ]; then
  debootstrap --variant=minbase --include=ca-certificates,libssl3,libstdc++6,libturbojpeg0,libwebp7,libpng16-16 bookworm "$work/debian.part"
  mv "$work/debian.part" "$work/debian"
fi

# Like Microsoft's images: .NET in /usr/share/dotnet, and variables that a service must not be misled by.
base() { # NAME FOLDER...
  local container folder
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$work/debian" / > /dev/null
  for folder in "${@:2}"; do buildah add --quiet "$container" "$dotnet/$folder" "/usr/share/dotnet/$folder" > /dev/null; done
  buildah config --env PATH=/usr/share/dotnet:/usr/local/bin:/usr/bin:/bin --env ASPNETCORE_HTTP_PORTS=8080 --env APP_UID=1654 \
    --env DOTNET_RUNNING_IN_CONTAINER=true --env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true --env DOTNET_CLI_TELEMETRY_OPTOUT=1 --env DOTNET_NOLOGO=1 "$container"
  buildah commit --quiet --rm "$container" "localhost/base/$1" > /dev/null
}
buildah inspect localhost/base/aspnet > /dev/null 2>&1 || base aspnet dotnet host shared
buildah inspect localhost/base/sdk > /dev/null 2>&1 || base sdk dotnet host shared sdk packs sdk-manifests templates

for target in orchestrator text-encoder unet vae cli; do
  buildah bud --layers --file services/Dockerfile --target "$target" --tag "localhost/diffusion-mesh/$target" \
    --build-arg ACCELERATOR=cpu --build-arg SDK_IMAGE=localhost/base/sdk --build-arg RUNTIME_IMAGE=localhost/base/aspnet --build-arg CUDA_IMAGE=localhost/base/aspnet \
    --build-arg PACKAGE_FEED=partial --volume "$HOME/.nuget:$root_home/.nuget" --volume /etc/ssl/certs:/etc/ssl/certs:ro --volume "$PWD/$node_modules:/src/$node_modules" . > "$work/build.log" 2>&1 || { tail -40 "$work/build.log" >&2; exit 1; }
  echo "built $target"
done

# As the chart runs them: no root, nothing to write but /tmp, no capability. All in one network that has nothing but its loopback interface.
run=(podman run --runtime runc --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --user 1654:1654 --read-only --read-only-tmpfs=false
  --tmpfs /tmp:mode=1777 --cap-drop all --security-opt no-new-privileges)
serve() { # NAME OPTION=VALUE...
  local name=$1 join=$2 option
  local arguments=()
  for option in "${@:3}"; do arguments+=(--env "MESH_$option"); done
  "${run[@]}" --detach --name "mesh-$name" --network "$join" "${arguments[@]}" "localhost/diffusion-mesh/$name" > /dev/null
}
stop() { podman rm --force --all --time 20 > /dev/null 2>&1 || true; }
trap 'stop; [ $# -gt 0 ] || rm -rf "$work"' EXIT
stop
serve orchestrator none TEXT_ENCODER=127.0.0.1:7410 UNET=127.0.0.1:7420 VAE=127.0.0.1:7430 GRPC=127.0.0.1:7400
for worker in text-encoder unet vae; do serve "$worker" container:mesh-orchestrator MODELS=/app/models; done

request=(generate "a purple ring on a yellow background" --steps 4 --seed 7)
out=$work/out
mkdir -p "$out"
chmod 777 "$out"
rm -f "$out"/*
"${run[@]}" --rm --network container:mesh-orchestrator --volume "$out:/out" localhost/diffusion-mesh/cli "${request[@]}" -o /out/container.png --server http://127.0.0.1:7400

# The same picture as without containers, to the byte.
dotnet run --project services/Diffusion.Mesh.Cli -- "${request[@]}" -o "$out/bare.png" > /dev/null
cmp "$out/container.png" "$out/bare.png"

# SIGTERM to process 1 ends each of them in order.
for name in vae unet text-encoder orchestrator; do
  podman stop --time 30 "mesh-$name" > /dev/null
  code=$(podman inspect --format '{{.State.ExitCode}}' "mesh-$name")
  [ "$code" = 0 ] || { echo "$name ended with $code" >&2; podman logs "mesh-$name" >&2; exit 1; }
done
echo "ok: $(stat -c %s "$out/container.png") bytes, the same in containers and without"
