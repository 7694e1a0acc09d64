{{/* What the schema cannot tell: values that contradict each other. All are told at once. */}}
{{- define "mesh.check" -}}
{{- $root := . -}}
{{- $wrong := list -}}
{{- with .Values.model -}}
{{- if and (eq .source "pvc") (not .pvc.claim) -}}
{{- $wrong = append $wrong "model.pvc.claim must name a claim, since model.source is pvc" -}}
{{- end -}}
{{- if and (eq .source "ociImage") (not .ociImage.reference) -}}
{{- $wrong = append $wrong "model.ociImage.reference must name an image, since model.source is ociImage" -}}
{{- end -}}
{{- if and (eq .source "ociImage") (semverCompare "<1.31.0-0" $root.Capabilities.KubeVersion.Version) -}}
{{- $wrong = append $wrong "model.source ociImage needs Kubernetes 1.31 or later" -}}
{{- end -}}
{{- if and (eq .source "initContainer") (or (not .initContainer.image) (not .initContainer.command)) -}}
{{- $wrong = append $wrong "model.initContainer.image and .command must say how models are fetched, since model.source is initContainer" -}}
{{- end -}}
{{- if and .sha256 (eq .source "image") -}}
{{- $wrong = append $wrong "model.sha256 is for models from elsewhere, and model.source is image" -}}
{{- end -}}
{{- end -}}
{{- if and (eq .Values.redis.mode "external") (not .Values.redis.external.address) -}}
{{- $wrong = append $wrong "redis.external.address must be HOST:PORT, since redis.mode is external" -}}
{{- end -}}
{{- if and (eq .Values.auth.anonymous "never") (not .Values.auth.keysSecret) -}}
{{- $wrong = append $wrong "auth.keysSecret must name a secret, since auth.anonymous is never: nobody could call" -}}
{{- end -}}
{{- range $key := splitList " " (include "mesh.keys" $root) -}}
{{- $c := include "mesh.component" (dict "root" $root "key" $key) | fromYaml -}}
{{- $scaling := $c.autoscaling -}}
{{- $most := eq $scaling.mode "none" | ternary $c.replicas $scaling.max -}}
{{- if and (ne $scaling.mode "none") (gt (int $scaling.min) (int $scaling.max)) -}}
{{- $wrong = append $wrong (printf "%s.autoscaling.min is above its max" $key) -}}
{{- end -}}
{{- if and (ne $scaling.mode "keda") (eq (int $scaling.min) 0) -}}
{{- $wrong = append $wrong (printf "%s.autoscaling.min can be 0 with mode keda only" $key) -}}
{{- end -}}
{{- if and (eq $scaling.mode "hpa") (not $scaling.hpa.cpu) (not $scaling.hpa.metrics) -}}
{{- $wrong = append $wrong (printf "%s.autoscaling.hpa needs cpu or metrics" $key) -}}
{{- end -}}
{{- if and (eq $scaling.mode "hpa") $scaling.hpa.cpu (not (dig "requests" "cpu" "" $c.resources)) -}}
{{- $wrong = append $wrong (printf "%s.resources.requests.cpu must be set, since its hpa counts in percent of it" $key) -}}
{{- end -}}
{{- if eq $key "orchestrator" -}}
{{- if and (eq $root.Values.redis.mode "none") (gt (int $most) 1) -}}
{{- $wrong = append $wrong "orchestrator: more than one needs Redis, and redis.mode is none" -}}
{{- end -}}
{{- if eq $scaling.mode "keda" -}}
{{- $wrong = append $wrong "orchestrator.autoscaling.mode cannot be keda: it is the orchestrator that tells KEDA of the others' work" -}}
{{- end -}}
{{- if ne $c.accelerator.type "cpu" -}}
{{- $wrong = append $wrong "orchestrator.accelerator.type must be cpu: it runs no model" -}}
{{- end -}}
{{- else if and (eq $c.accelerator.type "amd") (not $c.options.provider) -}}
{{- $wrong = append $wrong (printf "%s.options.provider must be said, since its accelerator.type is amd: the project's own images have no provider for it" $key) -}}
{{- end -}}
{{- if and (eq $root.Values.tls.mode "secret") (not (or $root.Values.tls.secret $c.tlsSecret)) -}}
{{- $wrong = append $wrong (printf "tls.secret or %s.tlsSecret must name a secret, since tls.mode is secret" $key) -}}
{{- end -}}
{{- end -}}
{{- if $wrong -}}
{{- fail (printf "\n  %s" (join "\n  " $wrong)) -}}
{{- end -}}
{{- end -}}
