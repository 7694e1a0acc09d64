{{/*
A component's services: a headless one, which names every pod to gRPC clients that balance by themselves; for the orchestrator also one with an address, for
applications, and one for KEDA. Of {root, c}.
*/}}
{{- define "mesh.services" -}}
{{- $root := .root -}}
{{- $c := .c -}}
{{- $name := printf "%s-%s" (include "mesh.name" $root) $c.component -}}
{{- $about := dict "root" $root "component" $c.component -}}
{{- $isPublic := eq $c.key "orchestrator" -}}
{{- $isSecure := $isPublic | ternary (ne $root.Values.tls.publicSecret "") (ne $root.Values.tls.mode "none") -}}
{{- $grpc := dict "name" "grpc" "port" $c.port "targetPort" "grpc" "appProtocol" ($isSecure | ternary "https" "kubernetes.io/h2c") -}}
{{- $http := dict "name" "http" "port" 7402 "targetPort" "http" "appProtocol" ($isSecure | ternary "https" "http") -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}-headless
  {{- include "mesh.labels" $about | nindent 2 }}
spec:
  clusterIP: None
  selector:
    {{- include "mesh.selector" $about | nindent 4 }}
  ports:
    {{- toYaml (list $grpc) | nindent 4 }}
{{- if $isPublic }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  {{- include "mesh.labels" (merge (dict "annotations" $root.Values.service.annotations) $about) | nindent 2 }}
spec:
  type: {{ $root.Values.service.type }}
  selector:
    {{- include "mesh.selector" $about | nindent 4 }}
  ports:
    {{- toYaml (list $grpc $http) | nindent 4 }}
{{- if include "mesh.anyKeda" $root }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}-scaler
  {{- include "mesh.labels" $about | nindent 2 }}
spec:
  selector:
    {{- include "mesh.selector" $about | nindent 4 }}
  ports:
    - {name: scaler, port: 7403, targetPort: scaler, appProtocol: kubernetes.io/h2c}
{{- end }}
{{- end }}
{{- end -}}
