{{/* A pod's volumes; of {root, c}. */}}
{{- define "mesh.volumes" -}}
- name: tmp
  emptyDir: {}
{{- with .root.Values.model }}
{{- if eq .source "pvc" }}
- name: models
  persistentVolumeClaim:
    claimName: {{ .pvc.claim }}
    readOnly: true
{{- else if eq .source "ociImage" }}
- name: models
  image:
    reference: {{ .ociImage.reference }}
    pullPolicy: {{ .ociImage.pullPolicy }}
{{- else if eq .source "initContainer" }}
- name: models
  emptyDir:
    sizeLimit: {{ .initContainer.sizeLimit }}
{{- end }}
{{- if include "mesh.checked" . }}
- name: checksums
  configMap:
    name: {{ include "mesh.name" $.root }}-model
{{- end }}
{{- end }}
{{- range $name, $secret := include "mesh.secrets" . | fromYaml }}
- name: {{ $name }}
  secret:
    secretName: {{ $secret }}
    # 0440: the pod's own group reads it.
    defaultMode: 288
{{- end }}
{{- end -}}

{{/* Where they are mounted. */}}
{{- define "mesh.mounts" -}}
- name: tmp
  mountPath: /tmp
{{- if ne .root.Values.model.source "image" }}
{{ include "mesh.modelMount" .root.Values.model }}
  readOnly: true
{{- end }}
{{- range $name, $_ := include "mesh.secrets" . | fromYaml }}
- name: {{ $name }}
  mountPath: /etc/mesh/{{ $name }}
  readOnly: true
{{- end }}
{{- end -}}

{{- define "mesh.modelMount" -}}
- name: models
  mountPath: /models
  {{- with .subPath }}
  subPath: {{ . }}
  {{- end }}
{{- end -}}

{{/* Secrets by the folder of /etc/mesh in which they are; of {root, c}. A folder, not a file: only those follow when a secret changes. */}}
{{- define "mesh.secrets" -}}
{{- $values := .root.Values -}}
{{- if ne $values.tls.mode "none" }}
tls: {{ include "mesh.tlsSecret" . }}
{{- end }}
{{- if eq .c.key "orchestrator" }}
{{- with $values.auth.keysSecret }}
keys: {{ . }}
{{- end }}
{{- with $values.tls.publicSecret }}
public-tls: {{ . }}
{{- end }}
{{- if eq $values.redis.mode "external" }}
{{- with $values.redis.external.passwordSecret }}
redis: {{ . }}
{{- end }}
{{- with $values.redis.external.caSecret }}
redis-ca: {{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Whether the models' files are checked: "true" or ""; of the model's values. */}}
{{- define "mesh.checked" -}}
{{- if and .sha256 (ne .source "image") }}true{{ end -}}
{{- end -}}

{{/* Brings the models and checks them; of the root. */}}
{{- define "mesh.initContainers" -}}
{{- with .Values.model }}
{{- if eq .source "initContainer" }}
- name: fetch-models
  image: {{ .initContainer.image }}
  command: {{ toJson .initContainer.command }}
  {{- with .initContainer.env }}
  env:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- include "mesh.containerSecurity" dict | nindent 4 }}
  volumeMounts:
    - name: models
      mountPath: /models
    - name: tmp
      mountPath: /tmp
{{- end }}
{{- if include "mesh.checked" . }}
- name: check-models
  image: {{ .checkImage }}
  command: [sha256sum, -c, /etc/mesh/checksums/SHA256SUMS]
  workingDir: /models
  securityContext:
    {{- include "mesh.containerSecurity" dict | nindent 4 }}
  volumeMounts:
    {{- include "mesh.modelMount" . | nindent 4 }}
      readOnly: true
    - name: checksums
      mountPath: /etc/mesh/checksums
      readOnly: true
{{- end }}
{{- end }}
{{- end -}}
