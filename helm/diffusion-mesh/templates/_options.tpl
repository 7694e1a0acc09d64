{{/*
Environment variables of a component's container: each option of a service is one, MESH_ and its name. Of {root, c}.
*/}}
{{- define "mesh.environment" -}}
{{- $root := .root -}}
{{- $c := .c -}}
{{- $options := dict
  "grpc" (printf "0.0.0.0:%v" $c.port)
  "health" (printf "0.0.0.0:%v" (add1 $c.port))
  "models" (eq $root.Values.model.source "image" | ternary "/app/models" "/models")
  "drain" $c.drain.seconds -}}
{{- with $root.Values.model.names }}{{ $_ := set $options "model" (join "," .) }}{{ end -}}
{{- if ne $root.Values.tls.mode "none" -}}
{{- $_ := merge $options (dict "tls-certificate" "/etc/mesh/tls/tls.crt" "tls-key" "/etc/mesh/tls/tls.key" "tls-ca" "/etc/mesh/tls/ca.crt") -}}
{{- end -}}
{{- if eq $c.key "orchestrator" -}}
{{- $_ := merge $options (include "mesh.orchestratorOptions" $root | fromYaml) -}}
{{- else if eq $c.accelerator.type "nvidia" -}}
{{- $_ := set $options "provider" "cuda" -}}
{{- end -}}
{{- range $name, $value := mustMergeOverwrite $options (deepCopy $c.options) }}
- name: MESH_{{ $name | upper | replace "-" "_" }}
  value: {{ include "mesh.text" $value | quote }}
{{- end }}
- name: MESH_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: DOTNET_EnableDiagnostics
  value: "0"
{{- with $root.Values.telemetry }}
{{- if .endpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ .endpoint | quote }}
- name: OTEL_EXPORTER_OTLP_PROTOCOL
  value: {{ .protocol }}
- name: OTEL_TRACES_SAMPLER
  value: {{ .sampler }}
- name: OTEL_TRACES_SAMPLER_ARG
  value: {{ .samplerArg | quote }}
- name: POD_UID
  valueFrom: {fieldRef: {fieldPath: metadata.uid}}
- name: NODE_NAME
  valueFrom: {fieldRef: {fieldPath: spec.nodeName}}
- name: OTEL_RESOURCE_ATTRIBUTES
  value: k8s.namespace.name={{ $root.Release.Namespace }},k8s.pod.name=$(MESH_NAME),k8s.pod.uid=$(POD_UID),k8s.node.name=$(NODE_NAME){{ range $name, $value := .resourceAttributes }},{{ $name }}={{ $value }}{{ end }}
{{- with .headersSecret }}
- name: OTEL_EXPORTER_OTLP_HEADERS
  valueFrom: {secretKeyRef: {name: {{ . }}, key: headers}}
{{- end }}
{{- end }}
{{- end }}
{{- with $c.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The options that only the orchestrator has; of the root. */}}
{{- define "mesh.orchestratorOptions" -}}
{{- $name := include "mesh.name" . -}}
http: 0.0.0.0:7402
text-encoder: dns:///{{ $name }}-text-encoder-headless:7410
unet: dns:///{{ $name }}-unet-headless:7420
vae: dns:///{{ $name }}-vae-headless:7430
anonymous: {{ .Values.auth.anonymous }}
{{- if .Values.auth.keysSecret }}
keys: /etc/mesh/keys/{{ .Values.auth.keysSecretKey }}
{{- end }}
{{- if include "mesh.anyKeda" . }}
scaler: 0.0.0.0:7403
{{- end }}
{{- if .Values.tls.publicSecret }}
public-tls-certificate: /etc/mesh/public-tls/tls.crt
public-tls-key: /etc/mesh/public-tls/tls.key
{{- end }}
{{- if eq .Values.redis.mode "internal" }}
redis: {{ $name }}-redis:6379
{{- else if eq .Values.redis.mode "external" }}
{{- with .Values.redis.external }}
redis: {{ .address }}
{{- with .cacheAddress }}
cache-redis: {{ . }}
{{- end }}
redis-tls: {{ .tls | ternary "on" "off" | quote }}
{{- if .passwordSecret }}
redis-password-file: /etc/mesh/redis/{{ .passwordSecretKey }}
{{- end }}
{{- if .caSecret }}
redis-ca: /etc/mesh/redis-ca/{{ .caSecretKey }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* An option's value: to YAML on and off are true and false, and whole numbers are floats, which would be written 1e+06. */}}
{{- define "mesh.text" -}}
{{- if kindIs "bool" . -}}{{ . | ternary "on" "off" }}
{{- else if kindIs "float64" . -}}{{ eq (floor .) . | ternary (. | int64) . }}
{{- else -}}{{ . }}{{- end -}}
{{- end -}}
