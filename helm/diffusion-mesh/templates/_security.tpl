{{/* The pod security standard "restricted". 1654 is the user of .NET's images; any other does as well. */}}
{{- define "mesh.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .user | default 1654 }}
runAsGroup: {{ .user | default 1654 }}
fsGroup: {{ .user | default 1654 }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "mesh.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: {{ hasKey . "readOnly" | ternary .readOnly true }}
capabilities:
  drop: [ALL]
{{- end -}}
