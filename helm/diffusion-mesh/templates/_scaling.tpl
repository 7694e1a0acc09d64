{{/* A component's disruption budget and autoscaler; of {root, c}. */}}
{{- define "mesh.scaling" -}}
{{- $root := .root -}}
{{- $c := .c -}}
{{- $scaling := $c.autoscaling -}}
{{- $name := printf "%s-%s" (include "mesh.name" $root) $c.component -}}
{{- $about := dict "root" $root "component" $c.component -}}
{{- $most := eq $scaling.mode "none" | ternary $c.replicas $scaling.max -}}
{{- if and $c.podDisruptionBudget.enabled (gt (int $most) 1) }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  {{- include "mesh.labels" $about | nindent 2 }}
spec:
  maxUnavailable: {{ $c.podDisruptionBudget.maxUnavailable }}
  # A pod that is not ready holds up no node's drain.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "mesh.selector" $about | nindent 6 }}
{{- end }}
{{- if eq $scaling.mode "hpa" }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $name }}
  {{- include "mesh.labels" $about | nindent 2 }}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ $name }}}
  minReplicas: {{ $scaling.min }}
  maxReplicas: {{ $scaling.max }}
  behavior:
    scaleDown:
      stabilizationWindowSeconds: {{ $scaling.scaleDownSeconds }}
  metrics:
    {{- with $scaling.hpa.cpu }}
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: {{ . }}}
    {{- end }}
    {{- with $scaling.hpa.metrics }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- else if eq $scaling.mode "keda" }}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ $name }}
  {{- include "mesh.labels" $about | nindent 2 }}
spec:
  scaleTargetRef: {name: {{ $name }}}
  minReplicaCount: {{ $scaling.min }}
  maxReplicaCount: {{ $scaling.max }}
  pollingInterval: {{ $scaling.keda.pollingSeconds }}
  cooldownPeriod: {{ $scaling.keda.cooldownSeconds }}
  fallback:
    failureThreshold: 3
    replicas: {{ $scaling.keda.fallbackReplicas }}
    behavior: currentReplicasIfHigher
  advanced:
    horizontalPodAutoscalerConfig:
      behavior:
        scaleDown:
          stabilizationWindowSeconds: {{ $scaling.scaleDownSeconds }}
  triggers:
    - type: external-push
      metricType: AverageValue
      metadata:
        scalerAddress: {{ include "mesh.name" $root }}-orchestrator-scaler.{{ $root.Release.Namespace }}:7403
        service: {{ $c.component }}
        targetSeconds: {{ $scaling.keda.targetSeconds | quote }}
        activationSeconds: {{ $scaling.keda.activationSeconds | quote }}
{{- end }}
{{- end -}}
