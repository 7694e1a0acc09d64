{{/* What a component's pods may reach and be reached by; of {root, component, ingress, egress}. */}}
{{- define "mesh.policy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "mesh.name" .root }}-{{ .component }}
  {{- include "mesh.labels" . | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "mesh.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  {{- with .ingress }}
  ingress:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .egress }}
  egress:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* The rules that let the orchestrator reach its Redis; of {root, peer}, the peer being the internal one. */}}
{{- define "mesh.redisEgress" -}}
{{- $redis := .root.Values.redis -}}
{{- $rules := list -}}
{{- if eq $redis.mode "internal" -}}
{{- $rules = list (dict "to" (list .peer) "ports" (list (dict "port" 6379))) -}}
{{- else if eq $redis.mode "external" -}}
{{- $ports := list -}}
{{- range compact (list $redis.external.address $redis.external.cacheAddress) -}}
{{- $ports = append $ports (dict "port" (splitList ":" . | last | int)) -}}
{{- end -}}
{{- $rules = list (merge (dict "ports" (uniq $ports)) (include "mesh.to" $redis.external.peers | fromYaml)) -}}
{{- end -}}
{{- toYaml $rules -}}
{{- end -}}

{{/* The rules that let everybody reach the collector; of the root. */}}
{{- define "mesh.telemetryEgress" -}}
{{- $rules := list -}}
{{- with .Values.telemetry.endpoint -}}
{{- $own := splitList "/" . | rest | rest | first | splitList ":" -}}
{{- $port := gt (len $own) 1 | ternary (last $own) (hasPrefix "https:" . | ternary "443" "80") -}}
{{- $rules = list (merge (dict "ports" (list (dict "port" (int $port)))) (include "mesh.to" $.Values.telemetry.peers | fromYaml)) -}}
{{- end -}}
{{- toYaml $rules -}}
{{- end -}}

{{/* {to: peers}, or nothing, which is everywhere, when there are none. */}}
{{- define "mesh.to" -}}
{{- with . -}}
to:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}
