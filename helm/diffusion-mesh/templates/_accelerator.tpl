{{/* The resource that a device plugin offers; "" for cpu. */}}
{{- define "mesh.acceleratorResource" -}}
{{- $own := dict "cpu" "" "nvidia" "nvidia.com/gpu" "amd" "amd.com/gpu" -}}
{{- .resource | default (get $own .type) -}}
{{- end -}}

{{/* A container's resources; of a component. */}}
{{- define "mesh.resources" -}}
{{- $resources := deepCopy .resources -}}
{{- with include "mesh.acceleratorResource" .accelerator -}}
{{- $_ := set $resources "limits" (merge (dict . $.accelerator.count) ($resources.limits | default dict)) -}}
{{- end -}}
{{- toYaml $resources -}}
{{- end -}}

{{/* Tolerations; of a component. Nodes with GPUs are commonly tainted with the plain resource's name, whatever slices are called. */}}
{{- define "mesh.tolerations" -}}
{{- $own := list -}}
{{- if ne .accelerator.type "cpu" -}}
{{- $own = list (dict "key" (printf "%s.com/gpu" .accelerator.type) "operator" "Exists" "effect" "NoSchedule") -}}
{{- end -}}
{{- with concat $own .tolerations -}}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}
