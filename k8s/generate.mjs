#!/usr/bin/env node
// Makes base and overlays from the chart: node k8s/generate.mjs [FOLDER], with helm as HELM or on PATH.
// The base is the chart rendered with values/base.yaml; an overlay is what values/OVERLAY.yaml changes of that, as patches.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const { parseAllDocuments, stringify } = createRequire(join(here, "../tests/Diffusion.Mesh.Deploy.Tests/"))("yaml");
const target = process.argv[2] ?? here;
const namespace = "diffusion-mesh";
const overlays = ["cpu", "gpu"];
const made = "# Made from the chart by k8s/generate.mjs.\n";

function render(...values) {
  const files = values.flatMap((name) => ["--values", join(here, "values", `${name}.yaml`)]);
  const args = ["template", "mesh", join(here, "../helm/diffusion-mesh"), "--namespace", namespace, "--kube-version", "1.30.0", ...files];
  const text = execFileSync(process.env.HELM ?? "helm", args, { encoding: "utf8" });
  return parseAllDocuments(text, { version: "1.1" }).map((d) => d.toJS()).filter((o) => o !== null && !isHook(o)).map(withoutHelm);
}

const isHook = (object) => Object.keys(object.metadata.annotations ?? {}).some((key) => key.startsWith("helm.sh/"));

function withoutHelm(object) {
  const labels = object.metadata.labels;
  delete labels["helm.sh/chart"];
  labels["app.kubernetes.io/managed-by"] = "kustomize";
  return object;
}

const idOf = (object) => `${object.kind}/${object.metadata.name}`;
const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isNamed = (list) => list.every((item) => isMap(item) && "name" in item);
const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// The strategic merge patch that makes one of the other; undefined where they are the same. Lists of named things are merged by name.
function patch(from, to, path) {
  if (isSame(from, to)) return undefined;
  if (Array.isArray(from) && Array.isArray(to) && isNamed(from) && isNamed(to)) {
    refuse(from.filter((f) => !to.some((t) => t.name === f.name)).map((f) => f.name), path);
    return to.flatMap((item) => {
      const changed = patch(from.find((f) => f.name === item.name) ?? {}, item, `${path}/${item.name}`);
      return changed === undefined ? [] : [{ name: item.name, ...changed }];
    });
  }

  if (!isMap(from) || !isMap(to)) return to;
  refuse(Object.keys(from).filter((key) => !(key in to)), path);
  return Object.fromEntries(Object.keys(to).map((key) => [key, patch(from[key], to[key], `${path}/${key}`)]).filter(([, value]) => value !== undefined));
}

function refuse(removed, path) {
  if (removed.length > 0) throw new Error(`${path}: an overlay cannot take away ${removed.join(", ")}`);
}

function overlay(base, objects) {
  const ids = base.map(idOf);
  if (!isSame(ids, objects.map(idOf))) throw new Error("an overlay must have the base's objects");
  return base.flatMap((object, i) => {
    const changed = patch(object, objects[i], ids[i]);
    return changed === undefined ? [] : [{ apiVersion: object.apiVersion, kind: object.kind, metadata: { name: object.metadata.name }, ...changed }];
  });
}

function write(path, ...documents) {
  const file = join(target, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, made + documents.map((d) => stringify(d, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false })).join("---\n"));
}

const kustomization = (rest) => ({ apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", ...rest });
const space = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } } };

const base = render("base");
write("base/kustomization.yaml", kustomization({ namespace, resources: ["namespace.yaml", "objects.yaml"] }));
write("base/namespace.yaml", space);
write("base/objects.yaml", ...base);
for (const name of overlays) {
  write(`overlays/${name}/kustomization.yaml`, kustomization({ resources: ["../../base"], patches: [{ path: "patches.yaml" }] }));
  write(`overlays/${name}/patches.yaml`, ...overlay(base, render("base", name)));
}
