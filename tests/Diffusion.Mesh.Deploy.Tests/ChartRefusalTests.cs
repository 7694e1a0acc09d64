namespace Diffusion.Mesh.Deploy.Tests;

/// <summary>Wrong values are refused, and the message says which and why.</summary>
[Collection(ClusterTools.Collection)]
public sealed class ChartRefusalTests
{
    [Fact]
    public Task Render_ValuesBesideTheSchema_AreAllTold() => RefusedAsync(
        ("unet.replica=2", "unet: Additional property replica is not allowed"),
        ("unets.replicas=2", "Additional property unets is not allowed"),
        ("unet.options.max-row=2", "unet.options: Additional property max-row is not allowed"),
        ("unet.options.max-rows=65", "unet.options.max-rows: Must be less than or equal to 64"),
        ("vae.accelerator.type=tpu", "vae.accelerator.type must be one of the following: \"cpu\", \"nvidia\", \"amd\""),
        ("defaults.autoscaling.mode=auto", "defaults.autoscaling.mode must be one of the following"),
        ("redis.external.address=redis", "redis.external.address: Does not match pattern"),
        ("model.sha256.a=1", "model.sha256.a: Invalid type"),
        ("image.repository=", "image.repository: String length must be greater than or equal to 1"));

    [Fact]
    public Task Render_ValuesThatContradictEachOther_AreAllTold() => RefusedAsync(
        ("unet.autoscaling.min=0,unet.autoscaling.mode=hpa", "unet.autoscaling.min can be 0 with mode keda only"),
        ("vae.autoscaling.min=5,vae.autoscaling.mode=keda", "vae.autoscaling.min is above its max"),
        ("textEncoder.autoscaling.mode=hpa,textEncoder.resources.requests.cpu=null", "textEncoder.resources.requests.cpu must be set"),
        ("orchestrator.autoscaling.mode=keda", "orchestrator.autoscaling.mode cannot be keda"),
        ("orchestrator.accelerator.type=nvidia", "orchestrator.accelerator.type must be cpu"),
        ("vae.accelerator.type=amd", "vae.options.provider must be said"),
        ("auth.anonymous=never", "auth.keysSecret must name a secret"),
        ("tls.mode=secret,vae.tlsSecret=own", "tls.secret or unet.tlsSecret must name a secret"),
        ("redis.mode=external", "redis.external.address must be HOST:PORT"),
        ("model.source=pvc", "model.pvc.claim must name a claim"));

    [Fact]
    public Task Render_OtherContradictions_AreToldToo() => RefusedAsync(
        ("orchestrator.replicas=2,redis.mode=none", "orchestrator: more than one needs Redis"),
        ("unet.autoscaling.mode=hpa,unet.autoscaling.hpa.cpu=0", "unet.autoscaling.hpa needs cpu or metrics"),
        ("model.source=initContainer", "model.initContainer.image and .command must say how models are fetched"));

    [Theory]
    [InlineData("1.29.9", "default", "chart requires kubeVersion: >=1.30.0-0")]
    [InlineData("1.30.0", "amd-image", "model.source ociImage needs Kubernetes 1.31")]
    public async Task Render_OldCluster_IsRefused(string kubeVersion, string values, string message)
    {
        var result = await Chart.TryRenderAsync(kubeVersion, "--values", DeployFolders.Values(values));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(params (string Setting, string Message)[] wrong)
    {
        var said = await Chart.RefusalAsync([.. wrong.Select(w => w.Setting)]);
        Assert.All(wrong, w => Assert.Contains(w.Message, said, StringComparison.Ordinal));
    }
}
