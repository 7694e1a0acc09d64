{{/* The one template of the four services' pods; of {root, c}. */}}
{{- define "mesh.deployment" -}}
{{- $root := .root -}}
{{- $c := .c -}}
{{- $name := printf "%s-%s" (include "mesh.name" $root) $c.component -}}
{{- $about := dict "root" $root "component" $c.component -}}
{{- $health := add1 $c.port -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  {{- include "mesh.labels" $about | nindent 2 }}
spec:
  {{- if eq $c.autoscaling.mode "none" }}
  replicas: {{ $c.replicas }}
  {{- end }}
  progressDeadlineSeconds: {{ add (mul $c.startup.periodSeconds $c.startup.failureThreshold) 120 }}
  strategy:
    rollingUpdate:
      {{- if eq $c.accelerator.type "cpu" }}
      maxSurge: 1
      maxUnavailable: 0
      {{- else }}
      # There is no spare GPU to start the next pod on.
      maxSurge: 0
      maxUnavailable: 1
      {{- end }}
  selector:
    matchLabels:
      {{- include "mesh.selector" $about | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "mesh.podLabels" $about | nindent 8 }}
        {{- with $c.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        kubectl.kubernetes.io/default-container: {{ $c.component }}
        {{- if include "mesh.checked" $root.Values.model }}
        checksum/model: {{ toJson $root.Values.model.sha256 | sha256sum }}
        {{- end }}
        {{- with $c.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ $name }}
      automountServiceAccountToken: false
      # Services' addresses as variables would be taken for options.
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ add $c.drain.preStopSeconds $c.drain.seconds 10 }}
      securityContext:
        {{- include "mesh.podSecurity" dict | nindent 8 }}
      {{- with $root.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      {{- with $c.runtimeClassName }}
      runtimeClassName: {{ . }}
      {{- end }}
      {{- with $c.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- with $c.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with include "mesh.tolerations" $c }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- with $c.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- if $c.topologySpread }}
      topologySpreadConstraints:
        {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
        - topologyKey: {{ . }}
          maxSkew: 1
          whenUnsatisfiable: ScheduleAnyway
          matchLabelKeys: [pod-template-hash]
          labelSelector:
            matchLabels:
              {{- include "mesh.selector" $about | nindent 14 }}
        {{- end }}
      {{- end }}
      {{- with include "mesh.initContainers" $root }}
      initContainers:
        {{- . | trim | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ $c.component }}
          image: {{ include "mesh.image" (dict "root" $root "component" $c.component "values" $c) }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          env:
            {{- include "mesh.environment" . | trim | nindent 12 }}
          ports:
            - {name: grpc, containerPort: {{ $c.port }}}
            - {name: health, containerPort: {{ $health }}}
            {{- if eq $c.key "orchestrator" }}
            - {name: http, containerPort: 7402}
            {{- if include "mesh.anyKeda" $root }}
            - {name: scaler, containerPort: 7403}
            {{- end }}
            {{- end }}
          # Plaintext health: the kubelet's probe knows no TLS. Liveness asks for nothing but the process.
          startupProbe:
            grpc: {port: {{ $health }}, service: readiness}
            periodSeconds: {{ $c.startup.periodSeconds }}
            failureThreshold: {{ $c.startup.failureThreshold }}
            timeoutSeconds: 3
          readinessProbe:
            grpc: {port: {{ $health }}, service: readiness}
            periodSeconds: 5
            failureThreshold: 1
            timeoutSeconds: 3
          livenessProbe:
            grpc: {port: {{ $health }}, service: liveness}
            periodSeconds: 10
            failureThreshold: 6
            timeoutSeconds: 5
          lifecycle:
            preStop:
              sleep:
                seconds: {{ $c.drain.preStopSeconds }}
          {{- with include "mesh.resources" $c | fromYaml }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          securityContext:
            {{- include "mesh.containerSecurity" (dict "readOnly" $c.readOnlyRootFilesystem) | nindent 12 }}
          volumeMounts:
            {{- include "mesh.mounts" . | nindent 12 }}
      volumes:
        {{- include "mesh.volumes" . | nindent 8 }}
{{- end -}}
