{{/* What all names begin with. */}}
{{- define "mesh.name" -}}
{{- .Values.fullnameOverride | default .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* What selects a component's pods; of {root, component}. Never the version: selectors cannot change. */}}
{{- define "mesh.selector" -}}
app.kubernetes.io/name: diffusion-mesh
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* The labels of a pod; of {root, component}. The chart's version is not among them, or every new one would roll all pods. */}}
{{- define "mesh.podLabels" -}}
{{ include "mesh.selector" . }}
app.kubernetes.io/part-of: diffusion-mesh
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Labels and annotations of an object; of {root, component} and, where it has more of them, labels and annotations. */}}
{{- define "mesh.labels" -}}
labels:
  {{- include "mesh.podLabels" . | nindent 2 }}
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
  helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge dict (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* A component's facts and values as one map, in YAML; of {root, key}. */}}
{{- define "mesh.component" -}}
{{- $facts := dict
  "orchestrator" (dict "component" "orchestrator" "port" 7400)
  "textEncoder" (dict "component" "text-encoder" "port" 7410)
  "unet" (dict "component" "unet" "port" 7420)
  "vae" (dict "component" "vae" "port" 7430) -}}
{{- $values := mustMergeOverwrite (deepCopy .root.Values.defaults) (deepCopy (get .root.Values .key)) -}}
{{- mustMerge (get $facts .key) $values (dict "key" .key) | toYaml -}}
{{- end -}}

{{- define "mesh.keys" -}}
orchestrator textEncoder unet vae
{{- end -}}

{{/* An image's reference; of {root, component, values}. */}}
{{- define "mesh.image" -}}
{{- $image := .values.image | default dict -}}
{{- $repository := $image.repository | default (printf "%s/%s" .root.Values.image.repository .component) -}}
{{- $accelerator := .values.accelerator | default dict -}}
{{- $variant := eq ($accelerator.type | default "cpu") "nvidia" | ternary "-cuda" "" -}}
{{- if $image.digest -}}
{{ $repository }}@{{ $image.digest }}
{{- else -}}
{{ $repository }}:{{ $image.tag | default (printf "%s%s" (.root.Values.image.tag | default .root.Chart.AppVersion) $variant) }}
{{- end -}}
{{- end -}}

{{/* Whether any component is scaled by KEDA: "true" or "". */}}
{{- define "mesh.anyKeda" -}}
{{- $root := . -}}
{{- range splitList " " (include "mesh.keys" $root) -}}
{{- $c := include "mesh.component" (dict "root" $root "key" .) | fromYaml -}}
{{- if eq $c.autoscaling.mode "keda" }}true{{ end -}}
{{- end -}}
{{- end -}}

{{/* Whether `helm test` can be let in: "true" or "". */}}
{{- define "mesh.testable" -}}
{{- if or .Values.auth.testKeySecret (eq .Values.auth.anonymous "always") }}true{{ end -}}
{{- end -}}

{{- define "mesh.tlsSecret" -}}
{{- if eq .root.Values.tls.mode "certManager" -}}
{{ include "mesh.name" .root }}-{{ .c.component }}-tls
{{- else -}}
{{ .c.tlsSecret | default .root.Values.tls.secret }}
{{- end -}}
{{- end -}}
